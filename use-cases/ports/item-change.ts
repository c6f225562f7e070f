import type { Alert } from '../../domain/alerts/alert.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import type { SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { StationItem } from './fleet-scan.ts';

/** One write of an item of a table, as its change stream tells it. `changes` is what this write decided, and no other. */
export type ItemChange =
  | {
      readonly kind: 'connector';
      readonly before?: Connector;
      readonly after: Connector;
      readonly changes: readonly StateChange[];
    }
  | {
      readonly kind: 'station';
      readonly before?: StationItem;
      readonly after: StationItem;
      readonly changes: readonly StateChange[];
    }
  | { readonly kind: 'alert'; readonly after: Alert }
  /** A grid signal: its outbox is what this write decided. */
  | { readonly kind: 'signal'; readonly after: SignalRecord };

type Projected = { readonly rev: number; readonly outbox: readonly StateChange[] };

/** The fold raises `rev` with every outbox it writes; whoever else writes the item carries the last outbox along. */
export const newChanges = (revBefore: number | undefined, after: Projected | undefined): readonly StateChange[] =>
  after === undefined || after.rev === revBefore ? [] : after.outbox;

export const connectorChange = (before: Connector | undefined, after: Connector): ItemChange => ({
  kind: 'connector',
  ...omitUndefined({ before }),
  after,
  changes: newChanges(before?.rev, after),
});

export const stationChange = (before: StationItem | undefined, after: StationItem): ItemChange => ({
  kind: 'station',
  ...omitUndefined({ before }),
  after,
  changes: newChanges(before?.state?.rev, after.state),
});
