import type {
  BatchGetItemCommandInput,
  GetItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { happens } from '../sim-service-context.ts';
import { type Item, itemBytes } from './attribute-value.ts';
import { type Bindings, bind, expression } from './bindings.ts';
import { compareInScan, hashOf, type Row } from './collection.ts';
import { checkOperands } from './condition-holds.ts';
import { invalid } from './errors.ts';
import type { Parsed, Path } from './expression.ts';
import { firstPlace, keyRange } from './key-range.ts';
import { pageReader } from './page-reader.ts';
import { parseCondition } from './parse-condition.ts';
import { parseProjection } from './parse-projection.ts';
import { pathsOf, shown } from './projected-item.ts';
import { capacity, type RequestContext, readUnits, type Tables, viewOf } from './request.ts';

const MOST_KEYS = 100;
const BATCH_BYTES = 16 * 1024 * 1024;

/** Requests that read by key have a projection and no values. */
const namesBound = (
  { ExpressionAttributeNames }: Pick<GetItemCommandInput, 'ExpressionAttributeNames'>,
  ProjectionExpression: Parsed<readonly Path[]> | undefined,
): Bindings => bind({ ExpressionAttributeNames }, { ProjectionExpression });

/** GetItem. */
export const getItem = (tables: Tables, input: GetItemCommandInput, context: RequestContext) => {
  const table = tables.of(input.TableName);
  const ProjectionExpression = expression(parseProjection, 'ProjectionExpression', input.ProjectionExpression);
  const paths = pathsOf(ProjectionExpression, namesBound(input, ProjectionExpression));
  const { key } = table.keys.keyOf(input.Key);
  const row = viewOf(table, input.ConsistentRead, context).row(key);
  return {
    ...(row && { Item: shown(row.item, paths) }),
    ...capacity(
      input.ReturnConsumedCapacity,
      table.definition.name,
      readUnits(row ? itemBytes(row.item) : 0, input.ConsistentRead),
    ),
  };
};

/** BatchGetItem: items in no particular order; some keys come back to be asked for again. */
export const batchGetItem = (
  tables: Tables,
  { RequestItems = {} }: BatchGetItemCommandInput,
  context: RequestContext,
) => {
  const requests = Object.entries(RequestItems).map(([name, request]) => {
    const table = tables.of(name);
    const ProjectionExpression = expression(parseProjection, 'ProjectionExpression', request.ProjectionExpression);
    const paths = pathsOf(ProjectionExpression, namesBound(request, ProjectionExpression));
    const keys = (request.Keys ?? []).map((raw) => ({ raw, key: table.keys.keyOf(raw).key }));
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
      const bytes = row ? itemBytes(row.item) : 0;
      if (left < bytes || (read > 0 && happens(context.conduct().deferred, context.random))) {
        deferred.push(raw);
        continue;
      }
      read += 1;
      left -= bytes;
      if (row !== undefined) found.push({ key, item: shown(row.item, paths) });
    }
    Responses[name] = found.sort((a, b) => compareInScan(a.key, b.key)).map(({ item }) => item);
    if (deferred.length > 0) UnprocessedKeys[name] = { ...request, Keys: deferred };
  }
  return { Responses, UnprocessedKeys };
};

/** Query: one partition in the order of its sort key, page by page. */
export const query = (tables: Tables, input: QueryCommandInput, context: RequestContext) => {
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
export const scan = (tables: Tables, input: ScanCommandInput, context: RequestContext) => {
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
