import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { sleep } from '../../simulator/clock.ts';
import type { Fault } from './fault.ts';

export const slowness: Fault = {
  name: 'slowness',
  about:
    'Requests and answers take up to seconds, so that what began later is often done first; some come when nobody waits any more.',
  often: { rough: 1, storm: 3 },
  lastsMs: [MINUTE_MS, 20 * MINUTE_MS],
  strike: ({ clock }, chance) => {
    const share = chance.pick([0.1, 0.5]);
    const longestMs = chance.pick([0.5, 2, 5]) * SECOND_MS;
    return {
      request: () => (chance.chance(share) ? sleep(clock, chance.between(0, longestMs)) : undefined),
      invoke: () => (chance.chance(share) ? chance.between(0, longestMs) : 0),
    };
  },
};
