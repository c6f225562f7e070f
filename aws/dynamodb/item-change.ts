import { Rejected } from '../../domain/kernel/rejected.ts';
import { connectorChange, type ItemChange, stationChange } from '../../use-cases/ports/item-change.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';
import { isSignalRecord, signalRecordOf } from '../demand-response/signal-store.ts';
import { fromAlertItem } from './alert-item.ts';
import { connectorFromItem } from './connector-item.ts';
import { stationFromItem } from './station-item.ts';

export type FollowedTables = {
  readonly connectors: string;
  readonly stations: string;
  readonly alerts?: string;
  readonly grid?: string;
};

/** An item that is not what its table holds can never be read, however often it comes. */
const readable = <T>(change: TableChange, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw new Rejected(`${change.table} ${change.key} cannot be read`, { cause: error });
  }
};

/** Reads a change record; undefined for what tells nobody anything: removals, heads of alert conditions, and plans. */
export const itemChange =
  (tables: FollowedTables) =>
  (change: TableChange): ItemChange | undefined => {
    const { table, item, before } = change;
    if (item === undefined) return undefined;
    if (table === tables.connectors)
      return readable(change, () => connectorChange(before && connectorFromItem(before), connectorFromItem(item)));
    if (table === tables.stations)
      return readable(change, () => stationChange(before && stationFromItem(before), stationFromItem(item)));
    if (table === tables.grid) {
      if (!isSignalRecord(item)) return undefined;
      const after = readable(change, () => signalRecordOf(item));
      // Whoever writes it raises the revision with the outbox.
      return after.rev === before?.rev ? undefined : { kind: 'signal', after };
    }
    if (table !== tables.alerts) throw new Rejected(`Nobody asked for the changes of table ${table}`);
    return item.alertId === undefined ? undefined : { kind: 'alert', after: fromAlertItem(item) };
  };
