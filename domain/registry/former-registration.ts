import type { Registration } from './registration.ts';

/** What a station was registered as until it was removed: legal uptime of the time before counts it. */
export type FormerRegistration = Registration & {
  /** When the station went out of service, ms since the epoch. */
  readonly decommissionedAt: number;
};
