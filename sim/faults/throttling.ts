import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';
import { throttling as throttled } from './service-errors.ts';

export const throttling: Fault = {
  name: 'throttling',
  about: 'Services take a part of the requests and turn the others away.',
  often: { rough: 1, storm: 3 },
  lastsMs: [MINUTE_MS, 30 * MINUTE_MS],
  strike: (_target, chance) => {
    const share = chance.pick([0.05, 0.3, 0.7]);
    return {
      request: ({ at }) => {
        if (at === 'before' && chance.chance(share)) throw throttled();
        return undefined;
      },
    };
  },
};
