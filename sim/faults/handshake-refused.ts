import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { type Fault, someStations } from './fault.ts';

export const handshakeRefused: Fault = {
  name: 'handshake-refused',
  about: 'Chargers lose their line and cannot come back for a while.',
  often: { rough: 1, storm: 2 },
  lastsMs: [10 * SECOND_MS, 30 * MINUTE_MS],
  strike: (target, chance) => {
    const stations = someStations(target, chance, 0.3);
    for (const stationId of stations) target.stack.cut(stationId);
    return { refusesHandshake: (stationId) => stations.has(stationId) };
  },
};
