import type { Station } from '../../../domain/station/station.ts';

/** Stations as they are now, one at a time: registration, connection and what the stream told. */
export type StationItems = {
  /** Undefined for one nobody registered. A consistent read. */
  readonly find: (stationId: string) => Promise<Station | undefined>;
};
