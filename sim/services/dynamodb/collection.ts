import { attributeOf, bytesText, compareValues, type Item, type Value } from './attribute-value.ts';
import type { KeySchema } from './table-definition.ts';

/** An item in its table. */
export type Row = {
  /** The item's key as one text, unique in the table. */
  readonly key: string;
  readonly item: Item;
  /** Of the whole item. */
  readonly bytes: number;
};

/** A key attribute's value as text; different values of one type have different texts. */
export const keyText = (value: Value): string => {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'B' in value ? bytesText(value.B) : '';
};

/** Where a partition lies among all, from 0 to 2^32 - 1 (FNV-1a): in no order that users could rely on. */
export const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // The last letters alone would move neighbours by little.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
};

/** Rows of a table or of one of its indexes, by partition and in the order of the sort key. */
export type Collection = {
  readonly schema: KeySchema;
  /** The partition of an item; undefined if it is not in this index. */
  readonly partitionOf: (item: Item) => string | undefined;
  /** Negative when the first comes before the second in their partition. */
  readonly compare: (a: Item, aKey: string, b: Item, bKey: string) => number;
  readonly add: (row: Row) => void;
  readonly remove: (row: Row) => void;
  readonly rows: (partition: string) => readonly Row[];
  /** Partitions in the order in which scans meet them. */
  readonly partitions: () => readonly string[];
};

export const collection = (schema: KeySchema): Collection => {
  const { hash, sort } = schema;
  const partitions = new Map<string, Row[]>();
  let ordered: readonly string[] | undefined;

  const partitionOf = (item: Item): string | undefined => {
    const value = attributeOf(item, hash.name);
    if (value === undefined || (sort !== undefined && attributeOf(item, sort.name) === undefined)) return undefined;
    return keyText(value);
  };
  const compare: Collection['compare'] = (a, aKey, b, bKey) => {
    const [left, right] = sort === undefined ? [] : [attributeOf(a, sort.name), attributeOf(b, sort.name)];
    const bySort = left && right ? (compareValues(left, right) ?? 0) : 0;
    if (bySort !== 0) return bySort;
    return aKey === bKey ? 0 : hashOf(aKey) - hashOf(bKey) || (aKey < bKey ? -1 : 1);
  };
  /** The place of a row, or where it belongs. */
  const placeIn = (rows: readonly Row[], { item, key }: Row): number => {
    let [from, to] = [0, rows.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const there = rows[middle] as Row;
      if (compare(there.item, there.key, item, key) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  };

  return {
    schema,
    partitionOf,
    compare,
    add: (row) => {
      const partition = partitionOf(row.item);
      if (partition === undefined) return;
      const rows = partitions.get(partition);
      if (rows === undefined) {
        partitions.set(partition, [row]);
        ordered = undefined;
      } else rows.splice(placeIn(rows, row), 0, row);
    },
    remove: (row) => {
      const partition = partitionOf(row.item);
      const rows = partition === undefined ? undefined : partitions.get(partition);
      if (rows === undefined || partition === undefined) return;
      const at = placeIn(rows, row);
      if (rows[at]?.key === row.key) rows.splice(at, 1);
      if (rows.length > 0) return;
      partitions.delete(partition);
      ordered = undefined;
    },
    rows: (partition) => partitions.get(partition) ?? [],
    partitions: () => {
      ordered ??= inScanOrder(partitions.keys());
      return ordered;
    },
  };
};

/** Partitions in the order in which scans meet them. */
export const inScanOrder = (partitions: Iterable<string>): readonly string[] =>
  [...partitions].sort((a, b) => compareInScan(a, b));

export const compareInScan = (a: string, b: string): number => hashOf(a) - hashOf(b) || (a < b ? -1 : a > b ? 1 : 0);
