import type { Connector } from '../connector/connector.ts';
import type { Fact } from '../kernel/fact.ts';
import type { Guard } from '../kernel/guard.ts';
import type { Station } from './station.ts';

/** One station with its connectors: everything a record can touch. */
export type StationAggregate = {
  readonly stationId: string;
  readonly station: Station;
  readonly connectors: readonly Connector[];
};

/** One record of the stream, normalised. */
export type StationRecord = {
  readonly guard: Guard;
  readonly facts: readonly Fact[];
  /** When the station itself was heard of, ms; absent where the record is our own finding. */
  readonly heardAt?: number;
};
