import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';
import { silence } from './service-errors.ts';

export const crash: Fault = {
  name: 'crash',
  about: 'Instances of functions end before or after requests of theirs, with all they remember.',
  often: { rough: 1, storm: 4 },
  lastsMs: [MINUTE_MS, 20 * MINUTE_MS],
  strike: (_target, chance) => {
    const share = chance.pick([0.002, 0.01, 0.05]);
    return {
      request: ({ crash }) => {
        if (!chance.chance(share)) return undefined;
        crash();
        return silence();
      },
    };
  },
};
