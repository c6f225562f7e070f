import { connectorPath } from '../../domain/kernel/connector-key.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { Invariant } from './invariant.ts';

/** Sums of rounded numbers. */
const NEGLIGIBLE_WH = 0.01;

const energyOf = (rows: readonly Window[]): number =>
  rows.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0);
const differ = (one: number, other: number): boolean => Math.abs(one - other) > NEGLIGIBLE_WH;

export const minutesEqualSessions: Invariant = {
  name: 'minutes-equal-sessions',
  about: 'The minutes of a session and its hours come to its energy; the hours of a station come to its sessions.',
  check: async (_world, { aggregates, sessions, windows }) => {
    const problems: string[] = [];
    for (const { stationId, connectors } of aggregates) {
      const own = sessions.filter((session) => session.stationId === stationId);
      const rows = await windows('connector_1m', connectors.map(connectorPath));
      for (const { sessionId, energyWh, hours } of own) {
        const minutesWh = energyOf(rows.filter(({ labels }) => labels.sessionId === sessionId));
        const hoursWh = hours.reduce((sum, hour) => sum + hour.energyWh, 0);
        if (differ(minutesWh, energyWh))
          problems.push(`${sessionId}: minutes say ${minutesWh} Wh, the session ${energyWh}`);
        if (differ(hoursWh, energyWh)) problems.push(`${sessionId}: hours say ${hoursWh} Wh, the session ${energyWh}`);
      }
      const types = new Set(connectors.map(({ place }) => place.connectorType));
      for (const type of types) {
        const ofType = connectors.filter(({ place }) => place.connectorType === type);
        const hours = await windows('station_revenue_1h', [`${stationId}#${type}`]);
        const completed = own.filter(({ connectorType }) => connectorType === type);
        const told = hours.reduce((sum, { measures }) => sum + (measures.sessionsCompleted ?? 0), 0);
        if (told !== completed.length)
          problems.push(`${stationId}#${type}: hours count ${told} sessions, ${completed.length} are kept`);
        // Sessions that run are told in the hours up to the last roll-up; where none runs, the sum is exact.
        if (ofType.some(({ session }) => session !== undefined)) continue;
        const energyWh = completed.reduce((sum, session) => sum + session.energyWh, 0);
        if (differ(energyOf(hours), energyWh))
          problems.push(`${stationId}#${type}: hours say ${energyOf(hours)} Wh, sessions ${energyWh}`);
      }
    }
    return problems;
  },
};
