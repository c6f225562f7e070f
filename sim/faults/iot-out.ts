import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Fault } from './fault.ts';
import { connectionRefused, refusal, silence, throttling } from './service-errors.ts';

export const iotOut: Fault = {
  name: 'iot-out',
  about: 'AWS IoT takes a part of what functions publish to stations, or nothing.',
  isOfMqtt: true,
  often: { rough: 1, storm: 2 },
  lastsMs: [5 * SECOND_MS, 20 * MINUTE_MS],
  strike: (_target, chance) => {
    const how = chance.pick(['throttles', 'throttles', 'refuses', 'is unreachable', 'hangs', 'loses answers'] as const);
    const share = chance.pick([0.3, 0.7, 1]);
    return {
      request: ({ service, at }) => {
        const isMet = service === 'iot' && at === (how === 'loses answers' ? 'after' : 'before');
        if (!isMet || !chance.chance(share)) return undefined;
        if (how === 'throttles') throw throttling();
        if (how === 'refuses') throw refusal();
        if (how === 'is unreachable') throw connectionRefused();
        return silence();
      },
    };
  },
};
