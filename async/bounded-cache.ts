import { LRUCache } from 'lru-cache';

type Something = NonNullable<unknown>;

export type BoundedCache<Key extends Something, Value extends Something> = LRUCache<Key, Value>;

/**
 * Keeps the `capacity` entries that were used last, as long as the library's options say. It takes its memory as it fills:
 * told the number of entries alone, the library makes room for all of them at once, milliseconds of every cold start.
 */
export const boundedCache = <Key extends Something, Value extends Something>(
  capacity: number,
  expiry: Pick<LRUCache.Options<Key, Value, unknown>, 'ttl' | 'ttlResolution' | 'perf'> = {},
): BoundedCache<Key, Value> => new LRUCache({ maxSize: capacity, sizeCalculation: () => 1, ...expiry });
