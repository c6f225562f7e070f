import { attributeOf, bytesText, compareValues, type Item, type Value } from './attribute-value.ts';
import type { KeySchema } from './table-definition.ts';

/** An item in its table. */
export type Row = {
  /** The item's key as one text, unique in the table. */
  readonly key: string;
  readonly item: Item;
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
  /** The attributes it holds of its items; undefined for all. */
  readonly heldNames: readonly string[] | undefined;
  /** What it holds of an item. */
  readonly held: (item: Item) => Item;
  /** The partition of an item; undefined if it is not in this index. */
  readonly partitionOf: (item: Item) => string | undefined;
  /** Negative when the first comes before the second in their partition. */
  readonly compare: (a: Item, aKey: string, b: Item, bKey: string) => number;
  /** Puts a row in the place of an earlier one of the same key; undefined for none. */
  readonly replace: (before: Row | undefined, after: Row | undefined) => void;
  readonly rows: (partition: string) => readonly Row[];
  /** Partitions in the order in which scans meet them. */
  readonly partitions: () => readonly string[];
};

export const collection = (schema: KeySchema, heldNames: readonly string[] | undefined): Collection => {
  const { hash, sort } = schema;
  const partitions = new Map<string, Row[]>();
  let ordered: readonly string[] | undefined;

  /** Items never change: what is held of one is made once. */
  const heldParts = new WeakMap<Item, Item>();
  const held = (item: Item): Item => {
    if (heldNames === undefined) return item;
    const known = heldParts.get(item);
    if (known !== undefined) return known;
    const part: Record<string, Value> = {};
    for (const name of heldNames) {
      const value = attributeOf(item, name);
      if (value !== undefined) part[name] = value;
    }
    heldParts.set(item, part);
    return part;
  };

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

  const add = (row: Row): void => {
    const partition = partitionOf(row.item);
    if (partition === undefined) return;
    const rows = partitions.get(partition);
    if (rows === undefined) {
      partitions.set(partition, [row]);
      ordered = undefined;
    } else rows.splice(placeIn(rows, row), 0, row);
  };
  const remove = (row: Row): void => {
    const partition = partitionOf(row.item);
    const rows = partition === undefined ? undefined : partitions.get(partition);
    if (rows === undefined || partition === undefined) return;
    const at = placeIn(rows, row);
    if (rows[at]?.key === row.key) rows.splice(at, 1);
    if (rows.length > 0) return;
    partitions.delete(partition);
    ordered = undefined;
  };

  return {
    schema,
    heldNames,
    held,
    partitionOf,
    compare,
    replace: (before, after) => {
      const partition = before && partitionOf(before.item);
      if (before && after && partition !== undefined && partition === partitionOf(after.item)) {
        // Most writes leave a row where it is.
        const rows = partitions.get(partition) ?? [];
        const at = placeIn(rows, before);
        if (rows[at]?.key === before.key && compare(before.item, before.key, after.item, after.key) === 0) {
          rows[at] = after;
          return;
        }
      }
      if (before !== undefined) remove(before);
      if (after !== undefined) add(after);
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
