import { expect, it } from 'vitest';
import { boundedCache } from '../../async/bounded-cache.ts';

it('forgets the entry that was used longest ago when one comes that has no room', () => {
  const cache = boundedCache<string, number>(3);
  for (const [index, name] of ['a', 'b', 'c'].entries()) cache.set(name, index);
  cache.get('a');
  cache.set('d', 3);
  expect([...cache.keys()].sort()).toEqual(['a', 'c', 'd']);
});

it('forgets an entry whose time is over', () => {
  let now = 1_000;
  const cache = boundedCache<string, true>(3, { ttl: 500, ttlResolution: 0, perf: { now: () => now } });
  cache.set('a', true);
  now += 400;
  const early = cache.get('a');
  now += 200;
  expect([early, cache.get('a')]).toEqual([true, undefined]);
});
