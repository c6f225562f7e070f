import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

export const memoryKill: Fault = {
  name: 'memory-kill',
  about: 'Lambda ends every instance of every function at once, in the midst of their work.',
  often: { rough: 1, storm: 4 },
  lastsMs: [SECOND_MS, SECOND_MS],
  strike: ({ stack }) => {
    stack.functions.crash();
    return undefined;
  },
};
