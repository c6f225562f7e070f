import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

export const reshard: Fault = {
  name: 'reshard',
  about: 'A shard of the stream of frames is split, or two are merged.',
  often: { rough: 1, storm: 2 },
  lastsMs: [SECOND_MS, SECOND_MS],
  strike: ({ stack }, chance) => {
    stack.reshard(chance);
    return undefined;
  },
};
