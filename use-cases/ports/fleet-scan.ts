import type { Connector } from '../../domain/connector/connector.ts';
import type { Station } from '../../domain/station/station.ts';

/** One of `total` parts of a table that can be read side by side. */
export type Segment = { readonly index: number; readonly total: number };

/** A page of items and what reading it cost. */
export type ScanPage<Item> = { readonly items: readonly Item[]; readonly readUnits: number };

/** The live tables from end to end. Eventually consistent: half the price, and a minute later they are read again. */
export type FleetScan = {
  readonly stations: (segment: Segment) => AsyncIterable<ScanPage<StationItem>>;
  readonly connectors: (segment: Segment) => AsyncIterable<ScanPage<Connector>>;
  /** The live connectors of one station. */
  readonly connectorsOf: (stationId: string) => Promise<ScanPage<Connector>>;
  /** Which of some stations have an item. */
  readonly known: (stationIds: readonly string[]) => Promise<ReadonlySet<string>>;
};

/** An item of table stations: three writers on disjoint attributes, and the index keys the operator writes. */
export type StationItem = Station & {
  readonly stationId: string;
  /** ms; written by the gateway, at most once per quarter-hour for plain heartbeats. */
  readonly lastSeenAt?: number;
};

/** Stations with all their connectors: the whole fleet, or a segment of it. */
export type Fleet = { readonly stations: readonly StationItem[]; readonly connectors: readonly Connector[] };
