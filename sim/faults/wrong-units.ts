import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStation } from './fault.ts';

const other: Readonly<Record<string, string>> = { Wh: 'kWh', kWh: 'Wh', W: 'kW', kW: 'W' };

export const wrongUnits: Fault = {
  name: 'wrong-units',
  about: 'A charger says Wh and W where it means kWh and kW, or the other way round.',
  often: { rough: 0.5, storm: 1 },
  lastsMs: [5 * MINUTE_MS, HOUR_MS],
  strike: (target, chance) => {
    const wrong = someStation(target, chance);
    target.doubt(wrong, 'meter');
    return {
      says: ({ stationId, text }) =>
        stationId === wrong ? text.replace(/"unit":"(k?Wh?)"/g, (_, unit: string) => `"unit":"${other[unit]}"`) : text,
    };
  },
};
