import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStations } from './fault.ts';

export const halfOpen: Fault = {
  name: 'half-open',
  about: 'Chargers lose their line and come back over another while the gateway still believes in the first.',
  often: { rough: 1, storm: 2 },
  lastsMs: [5 * MINUTE_MS, 20 * MINUTE_MS],
  strike: (target, chance) => {
    const stations = someStations(target, chance, 0.3);
    for (const stationId of stations) void target.points.get(stationId)?.lose(chance.between(1, 60) * SECOND_MS);
    return { keepsHalfOpen: (stationId) => stations.has(stationId) };
  },
};
