import type { DepartureSet } from './site-signal.ts';
import { evsePath, type SiteSession, type SiteState } from './site-state.ts';

/**
 * What the driver of a session said of its departure. A wish told before a car was there ends at its `expiresAt`: one that begins
 * then or later is another driver's. A charger whose clock is ahead begins no later than we heard of it.
 */
export const departureOf = (session: SiteSession, wishes: SiteState['wishes']): DepartureSet | undefined => {
  const { departure } = wishes[evsePath(session)] ?? {};
  const begunAt = Math.min(session.startedAt, session.seenAt);
  return departure !== undefined && begunAt < departure.expiresAt ? departure : undefined;
};
