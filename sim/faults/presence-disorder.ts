import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

/** "The accuracy of the timestamp is +/- 2 minutes" (lifecycle events of AWS IoT). */
const STAMPS_ERR_MS = 2 * MINUTE_MS;

export const presenceDisorder: Fault = {
  name: 'presence-disorder',
  about: 'AWS IoT tells late, in any order and twice who comes and goes, with stamps that are minutes off.',
  isOfMqtt: true,
  often: { rough: 1, storm: 3 },
  lastsMs: [10 * MINUTE_MS, 60 * MINUTE_MS],
  strike: (_target, chance) => {
    const longestMs = chance.pick([2, 10, 60]) * SECOND_MS;
    const isWrong = chance.chance(0.5);
    return {
      presence: () => ({
        delayMs: chance.between(0, longestMs),
        stampErrMs: isWrong ? Math.round(chance.between(-STAMPS_ERR_MS, STAMPS_ERR_MS)) : 0,
        isRepeated: chance.chance(0.3),
      }),
    };
  },
};
