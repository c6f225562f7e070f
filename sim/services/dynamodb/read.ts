import type {
  BatchGetItemCommandInput,
  GetItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { happens, type SimServiceContext } from '../context.ts';
import { type Item, itemBytes, storedValue, typeOf, type Value } from './attribute-value.ts';
import { type Bindings, bind, expression, projected } from './bindings.ts';
import { compareInScan, hashOf, type Row } from './collection.ts';
import { checkOperands, holds } from './condition.ts';
import { type DocumentPath, overlap } from './document-path.ts';
import { invalid, invalidParameter } from './errors.ts';
import { firstPlace, keyRange } from './key-condition.ts';
import {
  type Condition,
  type Operand,
  type Parsed,
  type Path,
  parseCondition,
  parseProjection,
} from './parse-expression.ts';
import type { Table, View } from './table.ts';

const PAGE_BYTES = 1024 * 1024;
const MOST_KEYS = 100;
const BATCH_BYTES = 16 * 1024 * 1024;
const READ_UNIT_BYTES = 4_096;

export type Tables = { readonly of: (name: string | undefined) => Table };
export type ReadContext = Pick<SimServiceContext, 'random'> & {
  readonly conduct: NonNullable<SimServiceContext['conduct']>;
};

/** What a reader sees: now, or a moment ago if it did not ask for a consistent read. */
const viewOf = (table: Table, isConsistent: boolean | undefined, { random, conduct }: ReadContext): View => {
  const { staleReads, stalestMs } = conduct();
  return !isConsistent && happens(staleReads, random) ? table.before(random() * stalestMs) : table.now;
};

const unitsOf = (bytes: number, isConsistent: boolean | undefined): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5);

/** The capacity a request took, if it wants to know. */
export const capacity = (wanted: string | undefined, TableName: string, CapacityUnits: number) =>
  wanted === 'TOTAL' || wanted === 'INDEXES' ? { ConsumedCapacity: { TableName, CapacityUnits } } : {};

const pathsOf = (projection: Parsed<readonly Path[]> | undefined, { pathOf }: Bindings) => {
  if (projection === undefined) return undefined;
  const paths = projection.tree.map(pathOf);
  for (const [at, path] of paths.entries())
    for (const other of paths.slice(0, at)) {
      const [shorter, longer] = other.length <= path.length ? [other, path] : [path, other];
      if (overlap(longer, shorter))
        throw invalid(
          `Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [${other.join(', ')}], path two: [${path.join(', ')}]`,
        );
    }
  return paths;
};

/** Requests that read by key have a projection and no values. */
const namesBound = (
  { ExpressionAttributeNames }: Pick<GetItemCommandInput, 'ExpressionAttributeNames'>,
  ProjectionExpression: Parsed<readonly Path[]> | undefined,
): Bindings => bind({ ExpressionAttributeNames }, { ProjectionExpression });

const shown = (item: Item, paths: readonly DocumentPath[] | undefined): Item =>
  paths === undefined ? item : projected(item, paths);

/** GetItem. */
export const getItem = (tables: Tables, input: GetItemCommandInput, context: ReadContext) => {
  const table = tables.of(input.TableName);
  const ProjectionExpression = expression(parseProjection, 'ProjectionExpression', input.ProjectionExpression);
  const paths = pathsOf(ProjectionExpression, namesBound(input, ProjectionExpression));
  const { key } = table.keyOf(input.Key);
  const row = viewOf(table, input.ConsistentRead, context).row(key);
  return {
    ...(row && { Item: shown(row.item, paths) }),
    ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(row?.bytes ?? 0, input.ConsistentRead)),
  };
};

/** BatchGetItem: items in no particular order; some keys come back to be asked for again. */
export const batchGetItem = (tables: Tables, { RequestItems = {} }: BatchGetItemCommandInput, context: ReadContext) => {
  const requests = Object.entries(RequestItems).map(([name, request]) => {
    const table = tables.of(name);
    const ProjectionExpression = expression(parseProjection, 'ProjectionExpression', request.ProjectionExpression);
    const paths = pathsOf(ProjectionExpression, namesBound(request, ProjectionExpression));
    const keys = (request.Keys ?? []).map((raw) => ({ raw, key: table.keyOf(raw).key }));
    if (new Set(keys.map(({ key }) => key)).size < keys.length)
      throw invalid('Provided list of item keys contains duplicates');
    return { name, request, table, paths, keys };
  });
  const asked = requests.reduce((sum, { keys }) => sum + keys.length, 0);
  if (requests.length === 0 || requests.some(({ keys }) => keys.length === 0))
    throw invalid('The list of keys in RequestItems for BatchGetItem is required');
  if (asked > MOST_KEYS) throw invalid('Too many items requested for the BatchGetItem call');

  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, object> = {};
  let left = BATCH_BYTES;
  let read = 0;
  for (const { name, request, table, paths, keys } of requests) {
    const found: { readonly key: string; readonly item: Item }[] = [];
    const deferred: unknown[] = [];
    const view = viewOf(table, request.ConsistentRead, context);
    for (const { raw, key } of keys) {
      const row = view.row(key);
      // At least one is read, or the request would have failed.
      if (left < (row?.bytes ?? 0) || (read > 0 && happens(context.conduct().deferred, context.random))) {
        deferred.push(raw);
        continue;
      }
      read += 1;
      left -= row?.bytes ?? 0;
      if (row !== undefined) found.push({ key, item: shown(row.item, paths) });
    }
    Responses[name] = found.sort((a, b) => compareInScan(a.key, b.key)).map(({ item }) => item);
    if (deferred.length > 0) UnprocessedKeys[name] = { ...request, Keys: deferred };
  }
  return { Responses, UnprocessedKeys };
};

type PageInput = Pick<
  QueryCommandInput,
  | 'TableName'
  | 'IndexName'
  | 'Limit'
  | 'Select'
  | 'ConsistentRead'
  | 'ReturnConsumedCapacity'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
> & {
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExclusiveStartKey?: Readonly<Record<string, unknown>> | undefined;
};

/** What Query and Scan have in common: where they read, what they keep, how much of it they show. */
const pageReader = (tables: Tables, input: PageInput, context: ReadContext) => {
  const table = tables.of(input.TableName);
  const { IndexName, Limit } = input;
  const index = IndexName === undefined ? undefined : table.definition.indexes[IndexName];
  const rows = table.collectionOf(IndexName);
  if (index !== undefined && input.ConsistentRead)
    throw invalid('Consistent reads are not supported on global secondary indexes');
  if (Limit !== undefined && Limit < 1)
    throw invalid(
      `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  const { schema } = rows;
  const keyNames = [...new Set([schema.hash.name, ...(schema.sort ? [schema.sort.name] : []), ...table.keyNames])];
  const heldNames =
    index === undefined || index.projection === 'ALL'
      ? undefined
      : [...new Set([...keyNames, ...(index.projection === 'KEYS_ONLY' ? [] : index.projection)])];
  if (input.Select === 'ALL_ATTRIBUTES' && heldNames !== undefined)
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${IndexName} because its projection type is not ALL`,
    );
  if (input.Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined)
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  const { Select, ProjectionExpression: wanted } = input;
  if (Select === 'SPECIFIC_ATTRIBUTES' && wanted === undefined)
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  if (Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES' && wanted !== undefined)
    throw invalid(
      `Cannot specify the ProjectionExpression when choosing to get ${Select === 'COUNT' ? 'only the Count' : Select}`,
    );
  const heldPaths = heldNames?.map((name) => [name]);

  return {
    table,
    rows,
    keyNames,
    view: viewOf(table, input.ConsistentRead, context),
    /** Checks what is asked of the items. */
    bound: (expressions: {
      readonly KeyConditionExpression?: Parsed<Condition> | undefined;
      readonly FilterExpression: Parsed<Condition> | undefined;
      readonly ProjectionExpression: Parsed<readonly Path[]> | undefined;
    }) => {
      const bindings = bind(input, expressions);
      const { FilterExpression, ProjectionExpression } = expressions;
      checkOperands('FilterExpression', FilterExpression, bindings);
      const paths = pathsOf(ProjectionExpression, bindings);
      const filtered = FilterExpression === undefined ? [] : namesIn(FilterExpression.tree, bindings);
      const absent = heldNames && filtered.filter((name) => !heldNames.includes(name));
      if (absent !== undefined && absent.length > 0)
        throw invalidParameter(
          `Secondary index ${IndexName} does not project one or more filter attributes: [${absent.join(', ')}]`,
        );
      const missing = heldNames && paths?.filter(([name]) => !heldNames.includes(String(name)));
      if (missing !== undefined && missing.length > 0)
        throw invalidParameter(
          `Global secondary index ${IndexName} does not project [${missing.map(([name]) => name).join(', ')}]`,
        );
      return {
        bindings,
        paths,
        filtered,
        isKept: (item: Item): boolean => FilterExpression === undefined || holds(FilterExpression.tree, item, bindings),
      };
    },
    /** Where the last page ended, as an item with the keys. */
    start: (invalidKey: string): { readonly item: Item; readonly key: string } | undefined => {
      if (input.ExclusiveStartKey === undefined) return undefined;
      const given = Object.entries(input.ExclusiveStartKey);
      if (given.length !== keyNames.length || given.some(([name]) => !keyNames.includes(name)))
        throw invalid(invalidKey);
      const item: Item = Object.fromEntries(given.map(([name, value]) => [name, storedValue(value)]));
      const keys = Object.fromEntries(table.keyNames.map((name) => [name, item[name] as Value]));
      for (const attribute of [schema.hash, schema.sort])
        if (attribute !== undefined && typeOf(item[attribute.name] as Value) !== attribute.type)
          throw invalid(invalidKey);
      return { item, key: table.keyOf(keys).key };
    },
    /** Reads rows one after the other until the page is full. */
    page: (ordered: Iterable<Row>, isKept: (item: Item) => boolean, paths: readonly DocumentPath[] | undefined) => {
      const items: Item[] = [];
      let scanned = 0;
      let bytes = 0;
      let kept = 0;
      let last: Item | undefined;
      let isFull = false;
      for (const row of ordered) {
        // Full before the end: there is more, as far as the reader can know.
        if (isFull) break;
        const item = heldPaths === undefined ? row.item : projected(row.item, heldPaths);
        scanned += 1;
        bytes += heldPaths === undefined ? row.bytes : itemBytes(item);
        if (isKept(item)) {
          kept += 1;
          if (input.Select !== 'COUNT') items.push(shown(item, paths));
        }
        last = row.item;
        isFull = scanned === Limit || bytes >= PAGE_BYTES;
      }
      return {
        ...(input.Select === 'COUNT' ? {} : { Items: items }),
        Count: kept,
        ScannedCount: scanned,
        ...(isFull &&
          last !== undefined && {
            LastEvaluatedKey: Object.fromEntries(keyNames.map((name) => [name, (last as Item)[name] as Value])),
          }),
        ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(bytes, input.ConsistentRead)),
      };
    },
  };
};

/** Query: one partition in the order of its sort key, page by page. */
export const query = (tables: Tables, input: QueryCommandInput, context: ReadContext) => {
  const reader = pageReader(tables, input, context);
  const { rows, view } = reader;
  if (input.KeyConditionExpression === undefined)
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  const expressions = {
    KeyConditionExpression: expression(parseCondition, 'KeyConditionExpression', input.KeyConditionExpression),
    FilterExpression: expression(parseCondition, 'FilterExpression', input.FilterExpression),
    ProjectionExpression: expression(parseProjection, 'ProjectionExpression', input.ProjectionExpression),
  };
  const { bindings, paths, filtered, isKept } = reader.bound(expressions);
  const { KeyConditionExpression } = expressions;
  if (KeyConditionExpression === undefined) throw new Error('A key condition that was not parsed');
  checkOperands('KeyConditionExpression', KeyConditionExpression, bindings);
  const wanted = keyRange(KeyConditionExpression.tree, rows.schema, bindings);
  const ownKeys = [rows.schema.hash.name, rows.schema.sort?.name];
  for (const name of filtered)
    if (ownKeys.includes(name))
      throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);

  const start = reader.start('The provided starting key is invalid');
  if (start !== undefined && !wanted.holds(start.item))
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  const all = view.rows(input.IndexName, wanted.partition);
  let [from, to] = wanted.range(all);
  const isForward = input.ScanIndexForward !== false;
  if (start !== undefined) {
    const place = (row: Row): number => rows.compare(row.item, row.key, start.item, start.key);
    if (isForward)
      from = Math.max(
        from,
        firstPlace(all, (row) => place(row) > 0),
      );
    else
      to = Math.min(
        to,
        firstPlace(all, (row) => place(row) >= 0),
      );
  }
  return reader.page(between(all, from, to, isForward), isKept, paths);
};

function* between(rows: readonly Row[], from: number, to: number, isForward: boolean): Iterable<Row> {
  if (isForward) for (let at = from; at < to; at += 1) yield rows[at] as Row;
  else for (let at = to - 1; at >= from; at -= 1) yield rows[at] as Row;
}

/** Scan: all partitions, or those of one segment. */
export const scan = (tables: Tables, input: ScanCommandInput, context: ReadContext) => {
  const reader = pageReader(tables, input, context);
  const { rows, view } = reader;
  const { Segment, TotalSegments } = input;
  if (Segment !== undefined && TotalSegments === undefined)
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  if (TotalSegments !== undefined && Segment === undefined)
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  if (Segment !== undefined && TotalSegments !== undefined && Segment >= TotalSegments)
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  const expressions = {
    FilterExpression: expression(parseCondition, 'FilterExpression', input.FilterExpression),
    ProjectionExpression: expression(parseProjection, 'ProjectionExpression', input.ProjectionExpression),
  };
  const { isKept, paths } = reader.bound(expressions);
  const start = reader.start('The provided starting key is invalid');
  const isMine = (partition: string): boolean =>
    TotalSegments === undefined || Math.floor((hashOf(partition) / 2 ** 32) * TotalSegments) === Segment;
  const startPartition = start && rows.partitionOf(start.item);
  if (startPartition !== undefined && !isMine(startPartition))
    throw invalid(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.',
    );
  const partitions = view
    .partitions(input.IndexName)
    .filter((one) => isMine(one) && (startPartition === undefined || compareInScan(one, startPartition) >= 0));
  const rowsFrom = (partition: string): readonly Row[] => {
    const all = view.rows(input.IndexName, partition);
    if (start === undefined || partition !== startPartition) return all;
    return all.slice(firstPlace(all, (row) => rows.compare(row.item, row.key, start.item, start.key) > 0));
  };
  return reader.page(chained(partitions, rowsFrom), isKept, paths);
};

function* chained(partitions: readonly string[], rowsOf: (partition: string) => readonly Row[]): Iterable<Row> {
  for (const partition of partitions) yield* rowsOf(partition);
}

/** The top-level attributes a condition is about. */
const namesIn = (condition: Condition, { pathOf }: Bindings): readonly string[] => {
  const ofOperand = (operand: Operand): readonly string[] => {
    if (operand.kind === 'size') return ofOperand(operand.of);
    return operand.kind === 'path' ? [String(pathOf(operand.path)[0])] : [];
  };
  const of = (one: Condition): readonly string[] => {
    switch (one.kind) {
      case 'and':
      case 'or':
        return [...of(one.left), ...of(one.right)];
      case 'not':
        return of(one.condition);
      case 'compare':
        return [...ofOperand(one.left), ...ofOperand(one.right)];
      case 'between':
        return [one.operand, one.low, one.high].flatMap(ofOperand);
      case 'in':
        return [one.operand, ...one.among].flatMap(ofOperand);
      case 'function':
        return one.operands.flatMap(ofOperand);
    }
  };
  return of(condition);
};
