import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';

/** What stands with a message at the error action. */
export const RULE_ERROR = 'The target of the rule refuses it, for the simulation';

export const ruleErrors: Fault = {
  name: 'rule-errors',
  about: 'Topic rules of AWS IoT cannot hand over what stations publish: it goes to their error action.',
  isOfMqtt: true,
  often: { rough: 1, storm: 2 },
  lastsMs: [5 * SECOND_MS, 10 * MINUTE_MS],
  strike: (_target, chance) => {
    const share = chance.pick([0.02, 0.2, 1]);
    return {
      rule: () => {
        if (chance.chance(share)) throw new Error(RULE_ERROR);
      },
    };
  },
};
