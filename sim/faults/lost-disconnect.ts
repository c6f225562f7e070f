import { HOUR_MS, MINUTE_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStations } from './fault.ts';

export const lostDisconnect: Fault = {
  name: 'lost-disconnect',
  about: 'The gateway forgets to tell that chargers have gone.',
  often: { rough: 1, storm: 2 },
  lastsMs: [10 * MINUTE_MS, HOUR_MS],
  strike: (target, chance) => {
    const stations = someStations(target, chance, 0.5);
    return { losesDisconnect: (stationId) => stations.has(stationId) };
  },
};
