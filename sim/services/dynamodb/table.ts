import { attributeOf, type Item, sameItem } from './attribute-value.ts';
import { type ChangeStream, changeStream } from './change-stream.ts';
import { type Collection, collection, inScanOrder, type Row } from './collection.ts';
import { invalid } from './errors.ts';
import type { TableDefinition } from './table-definition.ts';
import { heldNames, type TableKeys, tableKeys } from './table-keys.ts';

const FORGOTTEN_EXPIRY_MS = 5 * 365 * 24 * 3_600_000;
/** As long ago nobody looks back. */
const LONGEST_LOOK_BACK_MS = 60_000;

/** What a write replaced. */
type Replaced = {
  readonly at: number;
  readonly key: string;
  readonly before: Row | undefined;
  readonly isTransaction: boolean;
};

/** Who writes: a request, a transaction, or the service that removes what has expired. */
export type Writer = 'request' | 'transaction' | 'expiry';

/** The rows of a table as somebody sees them: as they are, or as they were a moment ago. */
export type View = {
  readonly row: (key: string) => Row | undefined;
  readonly rows: (index: string | undefined, partition: string) => readonly Row[];
  readonly partitions: (index: string | undefined) => readonly string[];
};

export type Table = {
  readonly definition: TableDefinition;
  readonly keys: TableKeys;
  /** The rows of an index, or of the table. Throws ValidationException for an index that is not there. */
  readonly collectionOf: (index: string | undefined) => Collection;
  readonly find: (key: string) => Row | undefined;
  /** Puts an item, or removes it, and tells the change stream if anything changed. */
  readonly write: (key: string, item: Item | undefined, by: Writer) => void;
  /** Whether another write of the item, and of which kind, came in this very millisecond. */
  readonly isContended: (key: string, by: Writer) => boolean;
  readonly now: View;
  /** The rows as they were `agoMs` ago, at most a minute. */
  readonly before: (agoMs: number) => View;
  readonly stream: ChangeStream | undefined;
  /** All items, in no order. */
  readonly items: () => readonly Item[];
  /** Removes the items whose time is over, as the service does some time after; returns how many. */
  readonly expire: () => number;
};

export const openTable = (definition: TableDefinition, now: () => number): Table => {
  const { key: schema, indexes, expires } = definition;
  const keys = tableKeys(definition);
  const rows = new Map<string, Row>();
  const main = collection(schema, undefined);
  const byIndex = new Map(
    Object.entries(indexes).map(([name, index]) => [name, collection(index, heldNames(index, keys.names))]),
  );
  const collections = [main, ...byIndex.values()];
  const stream = definition.stream && changeStream(definition.stream, keys.names, now);
  const replaced: Replaced[] = [];
  let pruneFrom = 512;
  let soonestExpiry = Number.POSITIVE_INFINITY;

  const collectionOf = (index: string | undefined): Collection => {
    const found = index === undefined ? main : byIndex.get(index);
    if (found === undefined) throw invalid(`The table does not have the specified index: ${index}`);
    return found;
  };

  /** When an item's life ends. An end more than five years ago is taken for a mistake and means nothing. */
  const expiryOf = (item: Item): number | undefined => {
    const value = expires === undefined ? undefined : attributeOf(item, expires);
    const at = value !== undefined && 'N' in value ? Number(value.N) * 1_000 : undefined;
    return at === undefined || at < now() - FORGOTTEN_EXPIRY_MS ? undefined : at;
  };

  const remember = (key: string, before: Row | undefined, by: Writer): void => {
    const at = now();
    if (replaced.length >= pruneFrom) {
      const first = replaced.findIndex((one) => one.at > at - LONGEST_LOOK_BACK_MS);
      replaced.splice(0, first < 0 ? replaced.length : first);
      // Seldom: each time moves all that stays.
      pruneFrom = Math.max(512, 2 * replaced.length);
    }
    replaced.push({ at, key, before, isTransaction: by === 'transaction' });
  };

  const write: Table['write'] = (key, item, by) => {
    const before = rows.get(key);
    remember(key, before, by);
    // A write that changes nothing is no change: neither reads nor the stream can tell.
    if (before === undefined ? item === undefined : item !== undefined && sameItem(before.item, item)) return;
    const after = item && { key, item };
    if (after === undefined) rows.delete(key);
    else rows.set(key, after);
    for (const one of collections) one.replace(before, after);
    if (item !== undefined) soonestExpiry = Math.min(soonestExpiry, expiryOf(item) ?? soonestExpiry);
    stream?.add(key, before?.item, item, by === 'expiry');
  };

  const present: View = {
    row: (key) => rows.get(key),
    rows: (index, partition) => collectionOf(index).rows(partition),
    partitions: (index) => collectionOf(index).partitions(),
  };

  const before: Table['before'] = (agoMs) => {
    const since = now() - agoMs;
    const overlay = new Map<string, Row | undefined>();
    for (let at = replaced.length - 1; at >= 0; at -= 1) {
      const one = replaced[at] as Replaced;
      if (one.at <= since) break;
      overlay.set(one.key, one.before);
    }
    return overlay.size === 0 ? present : pastView(present, collectionOf, overlay);
  };

  return {
    definition,
    keys,
    collectionOf,
    find: (key) => rows.get(key),
    write,
    isContended: (key, by) => {
      const at = now();
      for (let index = replaced.length - 1; index >= 0; index -= 1) {
        const one = replaced[index] as Replaced;
        if (one.at < at) return false;
        if (one.key === key && (by === 'transaction' || one.isTransaction)) return true;
      }
      return false;
    },
    now: present,
    before,
    stream,
    items: () => [...rows.values()].map(({ item }) => item),
    expire: () => {
      const at = now();
      if (soonestExpiry > at) return 0;
      soonestExpiry = Number.POSITIVE_INFINITY;
      let count = 0;
      for (const { key, item } of [...rows.values()]) {
        const expiry = expiryOf(item);
        if (expiry === undefined) continue;
        if (expiry > at) soonestExpiry = Math.min(soonestExpiry, expiry);
        else {
          write(key, undefined, 'expiry');
          count += 1;
        }
      }
      return count;
    },
  };
};

/** A view with some rows as they were. */
const pastView = (
  present: View,
  collectionOf: Table['collectionOf'],
  overlay: ReadonlyMap<string, Row | undefined>,
): View => {
  const former = [...overlay.values()].filter((row) => row !== undefined);
  return {
    row: (key) => (overlay.has(key) ? overlay.get(key) : present.row(key)),
    rows: (index, partition) => {
      const { partitionOf, compare } = collectionOf(index);
      const stayed = present.rows(index, partition).filter(({ key }) => !overlay.has(key));
      const back = former.filter(({ item }) => partitionOf(item) === partition);
      return back.length === 0 ? stayed : [...stayed, ...back].sort((a, b) => compare(a.item, a.key, b.item, b.key));
    },
    partitions: (index) => {
      const { partitionOf } = collectionOf(index);
      const known = new Set(present.partitions(index));
      for (const { item } of former) {
        const partition = partitionOf(item);
        if (partition !== undefined) known.add(partition);
      }
      return inScanOrder(known);
    },
  };
};
