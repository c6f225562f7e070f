import { boundedCache } from '../../async/bounded-cache.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { type ItemChange, newChanges } from '../../use-cases/ports/item-change.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';
import { isSignalRecord, signalRecordOf } from '../demand-response/signal-store.ts';
import { fromAlertItem } from './alert-item.ts';
import { connectorFromItem } from './connector-item.ts';
import { stationFromItem } from './station-item.ts';
import { lazily } from './table-change.ts';

type Image = Readonly<Record<string, unknown>>;

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

/** The revision of an item, or of a state, that only its writer reads the rest of. */
const revOf = (written: unknown): number | undefined => (written as { readonly rev?: number } | undefined)?.rev;

/** What an item was before is read for those who ask: most look at what it is, and at its outbox. */
const withBefore = <Change extends object, Item>(
  change: TableChange,
  told: Change,
  read: (item: Image) => Item,
): Change & { readonly before?: Item } => {
  const { before } = change;
  return before === undefined ? told : lazily(told, 'before', () => readable(change, () => read(before)));
};

/** Connectors told of lately, some 5 KB each: what one was before a write is what it was after the one before. */
const REMEMBERED = 2_000;

/** Reads change records; undefined for what tells nobody anything: removals, heads of alert conditions, and plans. */
export const itemChange = (tables: FollowedTables): ((change: TableChange) => ItemChange | undefined) => {
  const lastTold = boundedCache<string, Connector>(REMEMBERED);

  const connectorChange = (change: TableChange, item: Image): ItemChange => {
    const last = lastTold.get(change.key);
    const after = readable(change, () => connectorFromItem(item));
    lastTold.set(change.key, after);
    const changes = newChanges(revOf(change.before), after);
    const isLast = ({ guard, rev }: Image): boolean => last?.guard === guard && last?.rev === rev;
    const read = (before: Image) => (last !== undefined && isLast(before) ? last : connectorFromItem(before));
    return withBefore(change, { kind: 'connector', after, changes } as const, read);
  };

  return (change) => {
    const { table, item, before } = change;
    if (item === undefined) return undefined;
    if (table === tables.connectors) return connectorChange(change, item);
    if (table === tables.stations) {
      const after = readable(change, () => stationFromItem(item));
      const changes = newChanges(revOf(before?.state), after.state);
      return withBefore(change, { kind: 'station', after, changes } as const, stationFromItem);
    }
    if (table === tables.grid) {
      if (!isSignalRecord(item)) return undefined;
      const after = readable(change, () => signalRecordOf(item));
      // Whoever writes it raises the revision with the outbox.
      return after.rev === before?.rev ? undefined : { kind: 'signal', after };
    }
    if (table !== tables.alerts) throw new Rejected(`Nobody asked for the changes of table ${table}`);
    return item.alertId === undefined ? undefined : { kind: 'alert', after: fromAlertItem(item) };
  };
};
