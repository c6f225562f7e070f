import type { Registration } from '../../domain/registry/registration.ts';

/** The registry: attribute `registration` of table stations, which only the operator writes, and its index keys. */
export type StationRegistry = {
  /** What the operator last wrote (a consistent read), or undefined for a station nobody registered. */
  readonly find: (stationId: string) => Promise<Registration | undefined>;
  /** Adds or replaces the registration; what other writers keep about the station stays as it is. */
  readonly put: (registration: Registration) => Promise<void>;
  /** All registrations, of one site or of the network, ordered by id. */
  readonly list: (siteId?: string) => Promise<readonly Registration[]>;
  /** Takes the registration away and says whether there was one. */
  readonly remove: (stationId: string) => Promise<boolean>;
};
