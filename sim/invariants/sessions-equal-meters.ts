import { differences } from '../../simulator/fleet-comparison.ts';
import type { Invariant } from './invariant.ts';

export const sessionsEqualMeters: Invariant = {
  name: 'sessions-equal-meters',
  about:
    'Every connector shows, and every ended session says, what the charger itself knows of it: status, transaction, times, energy.',
  check: ({ points }, { aggregates, sessions }) => {
    const records = [...points.values()].map((point) => point.record());
    const connectors = aggregates.flatMap(({ stationId, connectors }) =>
      connectors.map(({ evseId, connectorId, status, session }) => ({
        stationId,
        evseId,
        connectorId,
        status,
        session: session ? { transactionId: session.transactionId, energyWh: session.energyWh } : null,
      })),
    );
    return differences(records, connectors, sessions);
  },
};
