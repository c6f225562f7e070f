import { fleetDifferences } from '../../simulator/fleet-differences.ts';
import type { Invariant } from './invariant.ts';

/**
 * What is said of a charger whose clock or meter was wrong is compared in the rest: `clock` spares times, `meter` energy. A
 * status that is stamped an hour ago is that of an hour ago, however late it comes: a wrong date cannot be told from a queue.
 * An open session of which all was stamped before others that ended is one of the past for the same reason, and not shown.
 */
const spared = {
  clock: /: (startedAt|endedAt) is /,
  date: /: status is |: transaction is none, |: energyWh is 0, /,
  meter: /: energyWh is /,
} as const;

export const sessionsEqualMeters: Invariant = {
  name: 'sessions-equal-meters',
  about:
    'Every connector shows, and every ended session says, what the charger itself knows of it: status, transaction, times, energy.',
  check: ({ points, doubts }, { aggregates, sessions }) => {
    const connectors = aggregates.flatMap(({ stationId, connectors }) =>
      connectors.map(({ evseId, connectorId, status, session }) => ({
        stationId,
        evseId,
        connectorId,
        status,
        session: session ? { transactionId: session.transactionId, energyWh: session.energyWh } : null,
      })),
    );
    return [...points].flatMap(([stationId, point]) => {
      const doubted = [...(doubts.get(stationId) ?? [])].map((what) => spared[what]);
      return fleetDifferences([point.record()], connectors, sessions).filter(
        (difference) => !doubted.some((pattern) => pattern.test(difference)),
      );
    });
  },
};
