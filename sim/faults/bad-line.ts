import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStations } from './fault.ts';
import type { FrameFate } from './interference.ts';

export const badLine: Fault = {
  name: 'bad-line',
  about: 'Texts between chargers and the gateway are lost, come twice, or come late and out of order.',
  often: { rough: 1, storm: 3 },
  lastsMs: [MINUTE_MS, 30 * MINUTE_MS],
  strike: (target, chance) => {
    const stations = someStations(target, chance, 0.3);
    const share = chance.pick([0.02, 0.1, 0.3]);
    return {
      frame: ({ stationId }) => {
        if (!stations.has(stationId) || !chance.chance(share)) return 'arrives';
        return chance.pick<FrameFate>([
          'is lost',
          'arrives twice',
          { delayedMs: Math.round(chance.between(0, 20) * SECOND_MS) },
        ]);
      },
    };
  },
};
