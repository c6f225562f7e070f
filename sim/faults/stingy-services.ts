import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

export const stingyServices: Fault = {
  name: 'stingy-services',
  about:
    'Services do no more than they promise: stale reads, entries handed back, cancelled transactions, messages and events delivered twice.',
  often: { rough: 1, storm: 3 },
  lastsMs: [10 * MINUTE_MS, HOUR_MS],
  strike: ({ stack, clock, forMs }, chance) => {
    const end = stack.behave({
      staleReads: chance.pick([0.3, 0.8]),
      stalestMs: chance.pick([1_000, 3_000]),
      deferred: chance.pick([0.05, 0.3]),
      conflicts: 1,
      duplicates: chance.pick([0.05, 0.3]),
    });
    clock.after(forMs, end);
    return undefined;
  },
};
