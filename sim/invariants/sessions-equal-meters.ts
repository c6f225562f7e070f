import type { StationRecord } from '../../simulator/charge-point/station-record.ts';
import { fleetDifferences } from '../../simulator/fleet-differences.ts';
import { toldByWrongClock } from '../world/told-by-wrong-clock.ts';
import type { Invariant } from './invariant.ts';

/**
 * What is said of a charger whose clock or meter was wrong is compared in the rest: `clock` spares times, `meter` energy. A
 * status that is stamped an hour ago is that of an hour ago, however late it comes: a wrong date cannot be told from a queue.
 * Nor can a running transaction, as long as all that was told of it has a wrong date: it is one of the past, and not shown.
 */
const spared = { clock: /: (startedAt|endedAt) is /, date: /: status is /, meter: /: energyWh is / } as const;

/** Whether energy flowed after its tag was refused is what makes a session of a transaction: a wrong meter cannot prove it. */
const refusedOf = ({ stationId, transactions }: StationRecord): readonly string[] =>
  transactions
    .filter(({ reason }) => reason === 'DeAuthorized')
    .map(({ transactionId }) => `${stationId} session ${transactionId}: not in the stores`);

export const sessionsEqualMeters: Invariant = {
  name: 'sessions-equal-meters',
  about:
    'Every connector shows, and every ended session says, what the charger itself knows of it: status, transaction, times, energy.',
  check: (world, { aggregates, sessions }) => {
    const { points, doubts } = world;
    const unrecognizable = toldByWrongClock(world).flatMap(({ stationId, evseId, connectorId, transactionId }) => [
      `${stationId} ${evseId}/${connectorId}: transaction is none, the station says ${transactionId}`,
      `${stationId} ${evseId}/${connectorId}: energyWh is 0,`,
    ]);
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
      const doubted = doubts.get(stationId) ?? new Set();
      const record = point.record();
      const unproven = doubted.has('meter') ? refusedOf(record) : [];
      return fleetDifferences([record], connectors, sessions).filter(
        (difference) =>
          ![...doubted].some((what) => spared[what].test(difference)) &&
          ![...unrecognizable, ...unproven].some((unknown) => difference.startsWith(unknown)),
      );
    });
  },
};
