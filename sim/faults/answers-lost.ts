import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';
import { silence } from './service-errors.ts';

export const answersLost: Fault = {
  name: 'answers-lost',
  about: 'A service does what it is asked, and its answer never comes back.',
  often: { rough: 1, storm: 3 },
  lastsMs: [MINUTE_MS, 30 * MINUTE_MS],
  strike: (_target, chance) => {
    const share = chance.pick([0.005, 0.02, 0.1]);
    return { request: ({ at }) => (at === 'after' && chance.chance(share) ? silence() : undefined) };
  },
};
