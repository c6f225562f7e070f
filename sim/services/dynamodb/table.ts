import { attributeOf, type Item, itemBytes, sameItem, storedValue, typeOf, type Value } from './attribute-value.ts';
import { type ChangeStream, changeStream } from './change-stream.ts';
import { type Collection, collection, inScanOrder, keyText, type Row } from './collection.ts';
import { invalid, invalidParameter } from './errors.ts';
import type { KeyAttribute, TableDefinition } from './table-definition.ts';

/** Bytes a key attribute may have. */
const MOST_HASH_BYTES = 2_048;
const MOST_SORT_BYTES = 1_024;
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
  readonly keyNames: readonly string[];
  readonly collectionOf: (index: string | undefined) => Collection;
  /** The key of an item, as one text. Throws ValidationException when the attributes are not exactly the key's. */
  readonly keyOf: (key: unknown) => { readonly key: string; readonly attributes: Item };
  /** The key of a whole item. Throws ValidationException when it is missing or no key, of the table or of an index. */
  readonly keyIn: (item: Item, by: 'put' | 'update') => string;
  readonly find: (key: string) => Row | undefined;
  /** Puts an item, or removes it, and tells the change stream if anything changed. */
  readonly write: (key: string, item: Item | undefined, by: Writer, bytes?: number) => void;
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
  const keyAttributes = schema.sort === undefined ? [schema.hash] : [schema.hash, schema.sort];
  const keyNames = keyAttributes.map(({ name }) => name);
  const rows = new Map<string, Row>();
  const main = collection(schema);
  const byIndex = new Map(Object.entries(indexes).map(([name, index]) => [name, collection(index)]));
  const collections = [main, ...byIndex.values()];
  const stream = definition.stream && changeStream(definition.stream, keyNames, now);
  const replaced: Replaced[] = [];
  let soonestExpiry = Number.POSITIVE_INFINITY;

  const keyTextOf = (item: Item): string => {
    const hash = keyText(item[schema.hash.name] as Value);
    return schema.sort === undefined ? hash : `${hash.length}:${hash}${keyText(item[schema.sort.name] as Value)}`;
  };

  const collectionOf = (index: string | undefined): Collection => {
    const found = index === undefined ? main : byIndex.get(index);
    if (found === undefined) throw invalid(`The table does not have the specified index: ${index}`);
    return found;
  };

  const checkLength = ({ name }: KeyAttribute, value: Value, at: number): void => {
    const bytes = 'S' in value ? Buffer.byteLength(value.S) : 'B' in value ? value.B.length : 1;
    const most = at === 0 ? MOST_HASH_BYTES : MOST_SORT_BYTES;
    if (bytes === 0)
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${'S' in value ? 'string' : 'binary'} value. Key: ${name}`,
      );
    if (bytes > most)
      throw invalidParameter(
        `Size of ${at === 0 ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of ${most} bytes`,
      );
  };

  const checkIndexKeys = (item: Item, by: 'put' | 'update'): void => {
    for (const [indexName, index] of Object.entries(indexes))
      for (const [at, attribute] of (index.sort ? [index.hash, index.sort] : [index.hash]).entries()) {
        const value = attributeOf(item, attribute.name);
        if (value === undefined) continue;
        if (typeOf(value) !== attribute.type)
          throw invalidParameter(
            `Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
          );
        const bytes = 'S' in value ? Buffer.byteLength(value.S) : 'B' in value ? value.B.length : 1;
        const most = at === 0 ? MOST_HASH_BYTES : MOST_SORT_BYTES;
        if (bytes === 0)
          throw invalid(
            `One or more parameter values are not valid. ${by === 'put' ? 'A value specified for a secondary index key is not supported' : 'The update expression attempted to update a secondary index key to a value that is not supported'}. The AttributeValue for a key attribute cannot contain an empty ${'S' in value ? 'string' : 'binary'} value. IndexName: ${indexName}, IndexKey: ${attribute.name}`,
          );
        if (bytes > most)
          throw invalidParameter(
            `Size of ${at === 0 ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of ${most} bytes`,
          );
      }
  };

  const expiryOf = (item: Item): number | undefined => {
    const value = expires === undefined ? undefined : attributeOf(item, expires);
    return value !== undefined && 'N' in value ? Number(value.N) * 1_000 : undefined;
  };

  const remember = (key: string, before: Row | undefined, by: Writer): void => {
    const at = now();
    if (replaced.length >= 512) {
      const first = replaced.findIndex((one) => one.at > at - LONGEST_LOOK_BACK_MS);
      if (first !== 0) replaced.splice(0, first < 0 ? replaced.length : first);
    }
    replaced.push({ at, key, before, isTransaction: by === 'transaction' });
  };

  const write: Table['write'] = (key, item, by, bytes) => {
    const before = rows.get(key);
    // A write that changes nothing is no change: neither reads nor the stream can tell.
    if (before === undefined ? item === undefined : item !== undefined && sameItem(before.item, item)) {
      remember(key, before, by);
      return;
    }
    remember(key, before, by);
    if (before !== undefined) for (const one of collections) one.remove(before);
    if (item === undefined) rows.delete(key);
    else {
      const row = { key, item, bytes: bytes ?? itemBytes(item) };
      rows.set(key, row);
      for (const one of collections) one.add(row);
      soonestExpiry = Math.min(soonestExpiry, expiryOf(item) ?? soonestExpiry);
    }
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
    keyNames,
    collectionOf,
    keyOf: (given) => {
      const names = typeof given === 'object' && given !== null ? Object.keys(given) : [];
      if (names.length !== keyNames.length) throw invalid('The provided key element does not match the schema');
      const attributes: Record<string, Value> = {};
      for (const [at, attribute] of keyAttributes.entries()) {
        const raw = (given as Record<string, unknown>)[attribute.name];
        if (raw === undefined) throw invalid('The provided key element does not match the schema');
        const value = storedValue(raw);
        if (typeOf(value) !== attribute.type) throw invalid('The provided key element does not match the schema');
        checkLength(attribute, value, at);
        attributes[attribute.name] = value;
      }
      return { key: keyTextOf(attributes), attributes };
    },
    keyIn: (item, by) => {
      for (const [at, attribute] of keyAttributes.entries()) {
        const value = attributeOf(item, attribute.name);
        if (value === undefined) throw invalidParameter(`Missing the key ${attribute.name} in the item`);
        if (typeOf(value) !== attribute.type)
          throw invalidParameter(
            `Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
          );
        checkLength(attribute, value, at);
      }
      checkIndexKeys(item, by);
      return keyTextOf(item);
    },
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
