import type { StationAggregate } from '../../domain/station/station-aggregate.ts';

/** Scenes of stations seen lately. A stale one is harmless: its guards no longer match, and the write is refused. */
export type AggregateCache = {
  readonly get: (stationId: string) => StationAggregate | undefined;
  readonly put: (aggregate: StationAggregate) => void;
  readonly drop: (stationId: string) => void;
};

/** Keeps the aggregates of the last `capacity` stations. */
export const aggregateCache = (capacity: number): AggregateCache => {
  const aggregates = new Map<string, StationAggregate>();
  return {
    get: (stationId) => aggregates.get(stationId),
    put: (aggregate) => {
      aggregates.delete(aggregate.stationId);
      aggregates.set(aggregate.stationId, aggregate);
      const [oldest] = aggregates.keys();
      if (aggregates.size > capacity && oldest !== undefined) aggregates.delete(oldest);
    },
    drop: (stationId) => {
      aggregates.delete(stationId);
    },
  };
};
