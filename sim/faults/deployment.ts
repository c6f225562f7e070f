import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

export const deployment: Fault = {
  name: 'deployment',
  about:
    'New code goes live: what runs is finished by the old instances, everything else begins in new ones with cold caches.',
  often: { rough: 1, storm: 2 },
  lastsMs: [SECOND_MS, SECOND_MS],
  strike: ({ stack }) => {
    stack.functions.replace();
    return undefined;
  },
};
