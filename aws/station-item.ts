import type { Station } from '../domain/station/station.ts';

/** An item of table stations: three writers on disjoint attributes, and the index keys the operator writes. */
export type StationItem = Station & {
  readonly stationId: string;
  /** ms; written by the gateway, at most once per quarter-hour for plain heartbeats. */
  readonly lastSeenAt?: number;
};

/** The station an item of the table (or of its change stream) holds. What its writers wrote is what comes back. */
export const stationFromItem = (item: Readonly<Record<string, unknown>>): StationItem => item as StationItem;
