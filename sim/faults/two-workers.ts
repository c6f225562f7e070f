import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

export const twoWorkers: Fault = {
  name: 'two-workers',
  about: 'Two workers read the same shards of a stream for a while, each with batches of its own.',
  often: { rough: 1, storm: 2 },
  lastsMs: [MINUTE_MS, 20 * MINUTE_MS],
  strike: ({ stack, clock, forMs }, chance) => {
    const stop = stack.readTwice(chance);
    clock.after(forMs, () => void stop());
    return undefined;
  },
};
