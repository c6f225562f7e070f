import { inOrder } from '../../async/in-order.ts';
import { conditionKey } from '../../domain/alerts/alert-id.ts';
import { evaluateConnectorChange, evaluateStationChange } from '../../domain/alerts/evaluate-change.ts';
import type { Evaluation } from '../../domain/alerts/evaluation.ts';
import { afterEvaluation } from '../../domain/alerts/lifecycle.ts';
import { stationHeardAt, stationSnapshot } from '../../domain/alerts/station-snapshot.ts';
import { type ThresholdOverrides, type Thresholds, thresholdsFor } from '../../domain/alerts/thresholds.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { AlertTable } from '../ports/alert-table.ts';
import type { StationItem } from '../ports/fleet-scan.ts';
import type { ItemChange } from '../ports/item-change.ts';

export type DetectionPorts = {
  readonly alerts: Pick<AlertTable, 'revise'>;
  /** Thresholds people have set, as they stand. */
  readonly overrides: () => Promise<ThresholdOverrides>;
};

const receivedAt = (changes: readonly StateChange[]): number =>
  Math.max(0, ...changes.map((change) => change.receivedAt));

/** When the record came about, by the receiver's clock: the same whenever the record is delivered. */
const connectorMoment = ({ lastSeenAt, outbox }: Connector): number => Math.max(lastSeenAt, receivedAt(outbox));

/** A change record is itself word from the station. */
const momentAt = (now: number, thresholds: Thresholds) => ({ now, thresholds, stationHeardAt: now });

const onConnector = (before: Connector | undefined, after: Connector, overrides: ThresholdOverrides) =>
  evaluateConnectorChange(
    { before, after, changes: after.outbox },
    momentAt(connectorMoment(after), thresholdsFor(after.place.siteId, overrides)),
  );

/** The state's outbox speaks only in the record that wrote it: the gateway's and the operator's writes carry it along. */
const onStation = (before: StationItem | undefined, after: StationItem, overrides: ThresholdOverrides) => {
  const snapshot = stationSnapshot(after);
  if (!snapshot) return [];
  const changes = before?.state?.rev === after.state?.rev ? [] : (after.state?.outbox ?? []);
  const now = Math.max(stationHeardAt(snapshot), after.connectivity?.disconnectedAt ?? 0, receivedAt(changes));
  const thresholds = thresholdsFor(snapshot.registration.siteId, overrides);
  return evaluateStationChange(
    { before: before && stationSnapshot(before), after: snapshot, changes },
    momentAt(now, thresholds),
  );
};

const evaluationsOf = (change: ItemChange, overrides: ThresholdOverrides): readonly Evaluation[] => {
  switch (change.kind) {
    case 'connector':
      return onConnector(change.before, change.after, overrides);
    case 'station':
      return onStation(change.before, change.after, overrides);
    case 'alert':
      return [];
  }
};

const CONCURRENCY = 16;

/**
 * Asks the change-driven rules about a batch, and takes what they say to the alerts table: nothing at all for most records.
 * One condition's evaluations are taken in order. Throws when one was not taken: the whole batch is to come again.
 */
export const detectAlerts =
  ({ alerts, overrides }: DetectionPorts) =>
  async (changes: readonly ItemChange[]): Promise<void> => {
    const thresholds = await overrides();
    const failures = await inOrder({
      items: changes.flatMap((change) => evaluationsOf(change, thresholds)),
      keyOf: ({ rule, subject }) => conditionKey(rule.name, subject),
      run: async (condition, [evaluation]) => {
        if (!evaluation) return;
        await alerts.revise({ condition, known: undefined, revise: (latest) => afterEvaluation(latest, evaluation) });
      },
      runLength: 1,
      concurrency: CONCURRENCY,
      afterFailure: 'stop-key',
    });
    if (failures.length > 0)
      throw new AggregateError(
        failures.map(({ error }) => error),
        `${failures.length} alert evaluations were not stored`,
      );
  };
