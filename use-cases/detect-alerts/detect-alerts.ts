import { inOrder } from '../../async/in-order.ts';
import { type Failure, SomeFailed } from '../../async/settle.ts';
import { conditionKey } from '../../domain/alerts/alert-id.ts';
import { evaluateConnectorChange, evaluateStationChange } from '../../domain/alerts/evaluate-change.ts';
import type { Evaluation } from '../../domain/alerts/evaluation.ts';
import { afterEvaluation } from '../../domain/alerts/lifecycle.ts';
import { stationHeardAt, stationSnapshot } from '../../domain/alerts/station-snapshot.ts';
import { type ThresholdOverrides, type Thresholds, thresholdsFor } from '../../domain/alerts/thresholds.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { AlertTable } from '../ports/alert-table.ts';
import type { ItemChange } from '../ports/item-change.ts';

export type DetectionPorts = {
  readonly alerts: Pick<AlertTable, 'revise'>;
  /** Thresholds people have set, as they stand. */
  readonly overrides: () => Promise<ThresholdOverrides>;
};

const receivedAt = (changes: readonly StateChange[]): number =>
  Math.max(0, ...changes.map((change) => change.receivedAt));

/** When the record came about, by the receiver's clock: the same whenever the record is delivered. */
const connectorMoment = ({ after, changes }: Extract<ItemChange, { kind: 'connector' }>): number =>
  Math.max(after.lastSeenAt, receivedAt(changes));

/** A change record is itself word from the station. */
const contextAt = (now: number, thresholds: Thresholds) => ({
  now,
  thresholds,
  station: { heardAt: now, connected: true },
});

const onConnector = (change: Extract<ItemChange, { kind: 'connector' }>, overrides: ThresholdOverrides) => {
  const { before, after, changes } = change;
  const thresholds = thresholdsFor(after.place.siteId, overrides);
  return evaluateConnectorChange({ before, after, changes }, contextAt(connectorMoment(change), thresholds));
};

const onStation = (change: Extract<ItemChange, { kind: 'station' }>, overrides: ThresholdOverrides) => {
  const { before, after, changes } = change;
  const snapshot = stationSnapshot(after);
  if (!snapshot) return [];
  const now = Math.max(stationHeardAt(snapshot), after.connectivity?.disconnectedAt ?? 0, receivedAt(changes));
  const thresholds = thresholdsFor(snapshot.registration.siteId, overrides);
  return evaluateStationChange(
    { before: before && stationSnapshot(before), after: snapshot, changes },
    contextAt(now, thresholds),
  );
};

const evaluationsOf = (change: ItemChange, overrides: ThresholdOverrides): readonly Evaluation[] => {
  switch (change.kind) {
    case 'connector':
      return onConnector(change, overrides);
    case 'station':
      return onStation(change, overrides);
    case 'alert':
    case 'signal':
      return [];
  }
};

const CONCURRENCY = 16;

type Asked = { readonly change: ItemChange; readonly evaluation: Evaluation };

/**
 * Asks the change-driven rules about a batch, and takes what they say to the alerts table: nothing at all for most records.
 * One condition's evaluations are taken in order. Throws SomeFailed with the changes of which one was not taken.
 */
export const detectAlerts =
  ({ alerts, overrides }: DetectionPorts) =>
  async (changes: readonly ItemChange[]): Promise<void> => {
    const thresholds = await overrides();
    const failures: Failure<ItemChange>[] = [];
    const items = changes.flatMap((change): readonly Asked[] => {
      try {
        return evaluationsOf(change, thresholds).map((evaluation) => ({ change, evaluation }));
      } catch (error) {
        failures.push({ item: change, error });
        return [];
      }
    });
    const notStored = await inOrder({
      items,
      keyOf: ({ evaluation: { rule, subject } }) => conditionKey(rule.name, subject),
      run: async (condition, [asked]) => {
        if (!asked) return;
        const { evaluation } = asked;
        await alerts.revise({ condition, known: undefined, revise: (latest) => afterEvaluation(latest, evaluation) });
      },
      runLength: 1,
      concurrency: CONCURRENCY,
      afterFailure: 'stop-key',
    });
    failures.push(...notStored.map(({ item, error }) => ({ item: item.change, error })));
    if (failures.length > 0) throw new SomeFailed(failures, `${failures.length} alert evaluations were not stored`);
  };
