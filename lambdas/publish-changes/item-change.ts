import { fromAlertItem } from '../../aws/alert-item.ts';
import { connectorFromItem } from '../../aws/connector-item.ts';
import { type StationItem, stationFromItem } from '../../aws/station-item.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import { Rejected } from '../../domain/rejected.ts';
import type { TableChange } from '../../runtime/table-stream.ts';

/** One change record of a table we follow. */
export type ItemChange =
  | { readonly kind: 'connector'; readonly before?: Connector; readonly after: Connector }
  | { readonly kind: 'station'; readonly before?: StationItem; readonly after: StationItem }
  | { readonly kind: 'alert'; readonly after: Alert };

export type FollowedTables = { readonly connectors: string; readonly stations: string; readonly alerts: string };

type Image = Readonly<Record<string, unknown>>;

/** An item that is not what its table holds can never be read, however often it comes. */
const readable = <T>(change: TableChange, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw new Rejected(`${change.table} ${change.key} cannot be read`, { cause: error });
  }
};

const between = <T>(before: Image | undefined, after: Image, read: (image: Image) => T): { before?: T; after: T } => ({
  ...(before === undefined ? {} : { before: read(before) }),
  after: read(after),
});

/** Reads a change record; undefined for what tells nobody anything: removals, and the heads of alert conditions. */
export const itemChange =
  (tables: FollowedTables) =>
  (change: TableChange): ItemChange | undefined => {
    const { table, item, before } = change;
    if (item === undefined) return undefined;
    if (table === tables.connectors)
      return readable(change, () => ({ kind: 'connector', ...between(before, item, connectorFromItem) }));
    if (table === tables.stations)
      return readable(change, () => ({ kind: 'station', ...between(before, item, stationFromItem) }));
    if (table !== tables.alerts) throw new Rejected(`Nobody asked for the changes of table ${table}`);
    return item.alertId === undefined ? undefined : { kind: 'alert', after: fromAlertItem(item) };
  };
