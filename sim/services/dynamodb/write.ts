import type {
  BatchWriteItemCommandInput,
  DeleteItemCommandInput,
  PutItemCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { happens } from '../sim-service-context.ts';
import { type Item, itemBytes, MOST_ITEM_BYTES, storedItem } from './attribute-value.ts';
import { type Bindings, bind, expression } from './bindings.ts';
import { checkOperands, conditionHolds } from './condition-holds.ts';
import { conditionFailed, conflicted, invalid } from './errors.ts';
import type { Condition, Parsed } from './expression.ts';
import { parseCondition } from './parse-condition.ts';
import { parseUpdate } from './parse-update.ts';
import { projectedItem } from './projected-item.ts';
import { capacity, type RequestContext, type Tables } from './request.ts';
import type { Table } from './table.ts';
import { checkUpdate, touchedNames, updatedItem } from './updated-item.ts';

const MOST_REQUESTS = 25;
const WRITE_UNIT_BYTES = 1_024;

/** One write whose expressions are right by themselves. */
export type Write = {
  readonly table: Table;
  readonly isAllowed: (found: Item) => boolean;
  /** Whether a refused write shows the item. */
  readonly showsRefused: boolean;
  /** Holds the write against the table's keys. Throws ValidationException. */
  readonly locate: () => LocatedWrite;
};
type LocatedWrite = {
  readonly key: string;
  /** The item after the write, undefined for none. Throws ValidationException. */
  readonly change: (found: Item | undefined) => Item | undefined;
};

type Conditional = Pick<
  PutItemCommandInput,
  | 'ConditionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
  | 'ReturnValuesOnConditionCheckFailure'
>;

const conditionOf = (input: Conditional): Parsed<Condition> | undefined =>
  expression(parseCondition, 'ConditionExpression', input.ConditionExpression);

const allowedBy = (condition: Parsed<Condition> | undefined, bindings: Bindings) => {
  checkOperands('ConditionExpression', condition, bindings);
  return (found: Item): boolean => condition === undefined || conditionHolds(condition.tree, found, bindings);
};

const showsRefused = ({ ReturnValuesOnConditionCheckFailure: wanted }: Conditional): boolean => wanted === 'ALL_OLD';

export const putOf = (table: Table, input: Conditional & { readonly Item?: unknown }): Write => {
  const ConditionExpression = conditionOf(input);
  const bindings = bind(input, { ConditionExpression });
  const item = storedItem(input.Item);
  return {
    table,
    isAllowed: allowedBy(ConditionExpression, bindings),
    showsRefused: showsRefused(input),
    locate: () => {
      const key = table.keys.keyIn(item, 'put');
      if (itemBytes(item) > MOST_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
      return { key, change: () => item };
    },
  };
};

export const deleteOf = (table: Table, input: Conditional & { readonly Key?: unknown }): Write => {
  const ConditionExpression = conditionOf(input);
  const isAllowed = allowedBy(ConditionExpression, bind(input, { ConditionExpression }));
  const locate = () => ({ key: table.keys.keyOf(input.Key).key, change: () => undefined });
  return { table, isAllowed, showsRefused: showsRefused(input), locate };
};

export const updateOf = (
  table: Table,
  input: Conditional & { readonly Key?: unknown; readonly UpdateExpression?: string | undefined },
) => {
  const ConditionExpression = conditionOf(input);
  const UpdateExpression = expression(parseUpdate, 'UpdateExpression', input.UpdateExpression);
  const bindings = bind(input, { UpdateExpression, ConditionExpression });
  const isAllowed = allowedBy(ConditionExpression, bindings);
  if (UpdateExpression !== undefined) checkUpdate(UpdateExpression, table.keys.names, bindings);
  const actions = UpdateExpression?.tree ?? [];
  const write: Write = {
    table,
    isAllowed,
    showsRefused: showsRefused(input),
    locate: () => {
      const { key, attributes } = table.keys.keyOf(input.Key);
      const change: LocatedWrite['change'] = (found) => {
        const next = updatedItem(found ?? attributes, actions, bindings);
        table.keys.keyIn(next, 'update');
        if (itemBytes(next) > MOST_ITEM_BYTES)
          throw invalid('Item size to update has exceeded the maximum allowed size');
        return next;
      };
      return { key, change };
    },
  };
  return { write, touched: touchedNames(actions, bindings) };
};

const unitsOf = (...items: readonly (Item | undefined)[]): number =>
  Math.max(1, ...items.map((item) => Math.ceil((item ? itemBytes(item) : 0) / WRITE_UNIT_BYTES)));

/** Carries one write out, and tells the item before and after. */
const carryOut = ({ table, isAllowed, showsRefused: shows, locate }: Write, { random, conduct }: RequestContext) => {
  const { key, change } = locate();
  const before = table.find(key)?.item;
  const { conflicts } = conduct();
  if (conflicts > 0 && table.isContended(key, 'request') && happens(conflicts, random)) throw conflicted();
  if (!isAllowed(before ?? {})) throw conditionFailed(shows ? before : undefined);
  const after = change(before);
  table.write(key, after, 'request');
  return { before, after };
};

const oldOnly = (wanted: string | undefined): void => {
  if (wanted !== undefined && wanted !== 'NONE' && wanted !== 'ALL_OLD')
    throw invalid('ReturnValues can only be ALL_OLD or NONE');
};

const attributes = (item: Item | undefined) =>
  item === undefined || Object.keys(item).length === 0 ? {} : { Attributes: item };

export const putItem = (tables: Tables, input: PutItemCommandInput, context: RequestContext) => {
  const table = tables.of(input.TableName);
  oldOnly(input.ReturnValues);
  const { before, after } = carryOut(putOf(table, input), context);
  return {
    ...attributes(input.ReturnValues === 'ALL_OLD' ? before : undefined),
    ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(before, after)),
  };
};

export const deleteItem = (tables: Tables, input: DeleteItemCommandInput, context: RequestContext) => {
  const table = tables.of(input.TableName);
  oldOnly(input.ReturnValues);
  const { before } = carryOut(deleteOf(table, input), context);
  return {
    ...attributes(input.ReturnValues === 'ALL_OLD' ? before : undefined),
    ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(before)),
  };
};

export const updateItem = (tables: Tables, input: UpdateItemCommandInput, context: RequestContext) => {
  const table = tables.of(input.TableName);
  const { write, touched } = updateOf(table, input);
  const { before, after } = carryOut(write, context);
  const wanted = (): Item | undefined => {
    switch (input.ReturnValues ?? 'NONE') {
      case 'NONE':
        return undefined;
      case 'ALL_OLD':
        return before;
      case 'ALL_NEW':
        return after;
      case 'UPDATED_OLD':
        return before && projectedItem(before, touched);
      case 'UPDATED_NEW':
        return after && projectedItem(after, touched);
      default:
        throw invalid('Return values set to invalid value');
    }
  };
  return {
    ...attributes(wanted()),
    ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(before, after)),
  };
};

export const distinct = (writes: readonly { readonly table: Table; readonly key: string }[], message: string): void => {
  const keys = writes.map(({ table, key }) => `${table.definition.name} ${key}`);
  if (new Set(keys).size < keys.length) throw invalid(message);
};

/** BatchWriteItem: writes without conditions, each by itself; some come back to be sent again. */
export const batchWriteItem = (
  tables: Tables,
  { RequestItems = {} }: BatchWriteItemCommandInput,
  context: RequestContext,
) => {
  const requests = Object.entries(RequestItems).flatMap(([name, entries]) => {
    const table = tables.of(name);
    if (entries.length === 0) throw invalid('The batch write request list for a table cannot be null or empty');
    return entries.map((raw) => {
      const { PutRequest: put, DeleteRequest: remove } = raw;
      if ((put === undefined) === (remove === undefined))
        throw invalid(
          'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
        );
      const write = put === undefined ? deleteOf(table, { Key: remove?.Key }) : putOf(table, { Item: put.Item });
      return { name, raw, table, ...write.locate() };
    });
  });
  if (requests.length === 0)
    throw invalid(
      "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  if (requests.length > MOST_REQUESTS) throw invalid('Too many items requested for the BatchWriteItem call');
  distinct(requests, 'Provided list of item keys contains duplicates');
  const UnprocessedItems: Record<string, object[]> = {};
  for (const [at, { name, raw, table, key, change }] of requests.entries()) {
    // At least one is written, or the request would have failed.
    if (at > 0 && happens(context.conduct().deferred, context.random)) {
      UnprocessedItems[name] ??= [];
      UnprocessedItems[name].push(raw);
      continue;
    }
    table.write(key, change(table.find(key)?.item), 'request');
  }
  return { UnprocessedItems };
};
