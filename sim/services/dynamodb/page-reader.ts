import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type Item, itemBytes, storedValue, typeOf, type Value } from './attribute-value.ts';
import { bind } from './bindings.ts';
import type { Row } from './collection.ts';
import { checkOperands, conditionHolds, namesIn } from './condition-holds.ts';
import type { DocumentPath } from './document-path.ts';
import { invalid, invalidParameter } from './errors.ts';
import type { Condition, Parsed, Path } from './expression.ts';
import { pathsOf, shown } from './projected-item.ts';
import { capacity, type RequestContext, readUnits, type Tables, viewOf } from './request.ts';

const PAGE_BYTES = 1024 * 1024;

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
export const pageReader = (tables: Tables, input: PageInput, context: RequestContext) => {
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
  const { schema, heldNames } = rows;
  const keyNames = [...new Set([schema.hash.name, ...(schema.sort ? [schema.sort.name] : []), ...table.keys.names])];
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
        isKept: (item: Item): boolean =>
          FilterExpression === undefined || conditionHolds(FilterExpression.tree, item, bindings),
      };
    },
    /** Where the last page ended, as an item with the keys. */
    start: (invalidKey: string): { readonly item: Item; readonly key: string } | undefined => {
      if (input.ExclusiveStartKey === undefined) return undefined;
      const given = Object.entries(input.ExclusiveStartKey);
      if (given.length !== keyNames.length || given.some(([name]) => !keyNames.includes(name)))
        throw invalid(invalidKey);
      const item: Item = Object.fromEntries(given.map(([name, value]) => [name, storedValue(value)]));
      const keys = Object.fromEntries(table.keys.names.map((name) => [name, item[name] as Value]));
      for (const attribute of [schema.hash, schema.sort])
        if (attribute !== undefined && typeOf(item[attribute.name] as Value) !== attribute.type)
          throw invalid(invalidKey);
      return { item, key: table.keys.keyOf(keys).key };
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
        const item = rows.held(row.item);
        scanned += 1;
        bytes += itemBytes(item);
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
        ...capacity(input.ReturnConsumedCapacity, table.definition.name, readUnits(bytes, input.ConsistentRead)),
      };
    },
  };
};
