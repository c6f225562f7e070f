import type { FormerRegistration } from '../../domain/registry/former-registration.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { CapabilityRecord } from '../../domain/station/capability-record.ts';

/** A station as it is registered, with what it told of its abilities. */
export type AbleStation = { readonly registration: Registration; readonly capabilities?: CapabilityRecord };

/** The registry: attribute `registration` of table stations, which only the operator writes, and its index keys. */
export type StationRegistry = {
  /** What the operator last wrote (a consistent read), or undefined for a station nobody registered. */
  readonly find: (stationId: string) => Promise<Registration | undefined>;
  /** Adds or replaces the registration; what other writers keep about the station stays as it is. */
  readonly put: (registration: Registration) => Promise<void>;
  /** All registrations, of one site or of the network, ordered by id. */
  readonly list: (siteId?: string) => Promise<readonly Registration[]>;
  /** The registrations of a site with what its stations told of their abilities, ordered by id. */
  readonly listAble: (siteId: string) => Promise<readonly AbleStation[]>;
  /** What was registered before and removed, ordered by id and then as it was removed. */
  readonly former: () => Promise<readonly FormerRegistration[]>;
  /**
   * Takes the registration away and says whether there was one. It is kept as a former one of a station that was decommissioned
   * at `decommissionedAt`, ms since the epoch.
   */
  readonly remove: (stationId: string, decommissionedAt: number) => Promise<boolean>;
};
