import { type BoundedCache, boundedCache } from '../../async/bounded-cache.ts';
import type { StationAggregate } from '../../domain/station/station-aggregate.ts';

/** Aggregates of stations seen lately. A stale one is harmless: its guards no longer match, and the write is refused. */
export type AggregateCache = Pick<BoundedCache<string, StationAggregate>, 'get' | 'set' | 'delete'>;

/** Keeps the aggregates of the last `capacity` stations, by station id. */
export const aggregateCache = (capacity: number): AggregateCache => boundedCache(capacity);
