import {
  type BatchWriteItemCommandInput,
  type CancellationReason,
  type DeleteItemCommandInput,
  IdempotentParameterMismatchException,
  type PutItemCommandInput,
  type TransactWriteItemsCommandInput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { happens, metadata } from '../context.ts';
import { type Item, itemBytes, MOST_ITEM_BYTES, storedItem } from './attribute-value.ts';
import { type Bindings, bind, expression, projected } from './bindings.ts';
import { checkOperands, holds } from './condition.ts';
import { cancelled, conditionFailed, conflicted, invalid } from './errors.ts';
import { type Condition, type Parsed, parseCondition, parseUpdate } from './parse-expression.ts';
import { capacity, type ReadContext, type Tables } from './read.ts';
import type { Table } from './table.ts';
import { checkUpdate, touchedNames, updated } from './update.ts';

const MOST_REQUESTS = 25;
const MOST_ACTIONS = 100;
const TRANSACTION_BYTES = 4 * 1024 * 1024;
const TOKEN_MS = 10 * 60_000;
const WRITE_UNIT_BYTES = 1_024;

/** One write whose expressions are right by themselves. */
type Write = {
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
  return (found: Item): boolean => condition === undefined || holds(condition.tree, found, bindings);
};

const showsRefused = ({ ReturnValuesOnConditionCheckFailure: wanted }: Conditional): boolean => wanted === 'ALL_OLD';

const putOf = (table: Table, input: Conditional & { readonly Item?: unknown }): Write => {
  const ConditionExpression = conditionOf(input);
  const bindings = bind(input, { ConditionExpression });
  const item = storedItem(input.Item);
  return {
    table,
    isAllowed: allowedBy(ConditionExpression, bindings),
    showsRefused: showsRefused(input),
    locate: () => {
      const key = table.keyIn(item, 'put');
      if (itemBytes(item) > MOST_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
      return { key, change: () => item };
    },
  };
};

const deleteOf = (table: Table, input: Conditional & { readonly Key?: unknown }): Write => {
  const ConditionExpression = conditionOf(input);
  const isAllowed = allowedBy(ConditionExpression, bind(input, { ConditionExpression }));
  const locate = () => ({ key: table.keyOf(input.Key).key, change: () => undefined });
  return { table, isAllowed, showsRefused: showsRefused(input), locate };
};

const updateOf = (
  table: Table,
  input: Conditional & { readonly Key?: unknown; readonly UpdateExpression?: string | undefined },
) => {
  const ConditionExpression = conditionOf(input);
  const UpdateExpression = expression(parseUpdate, 'UpdateExpression', input.UpdateExpression);
  const bindings = bind(input, { UpdateExpression, ConditionExpression });
  const isAllowed = allowedBy(ConditionExpression, bindings);
  if (UpdateExpression !== undefined) checkUpdate(UpdateExpression, table.keyNames, bindings);
  const actions = UpdateExpression?.tree ?? [];
  const write: Write = {
    table,
    isAllowed,
    showsRefused: showsRefused(input),
    locate: () => {
      const { key, attributes } = table.keyOf(input.Key);
      const change: LocatedWrite['change'] = (found) => {
        const next = updated(found ?? attributes, actions, bindings);
        table.keyIn(next, 'update');
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
const carryOut = ({ table, isAllowed, showsRefused: shows, locate }: Write, { random, conduct }: ReadContext) => {
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

export const putItem = (tables: Tables, input: PutItemCommandInput, context: ReadContext) => {
  const table = tables.of(input.TableName);
  oldOnly(input.ReturnValues);
  const { before, after } = carryOut(putOf(table, input), context);
  return {
    ...attributes(input.ReturnValues === 'ALL_OLD' ? before : undefined),
    ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(before, after)),
  };
};

export const deleteItem = (tables: Tables, input: DeleteItemCommandInput, context: ReadContext) => {
  const table = tables.of(input.TableName);
  oldOnly(input.ReturnValues);
  const { before } = carryOut(deleteOf(table, input), context);
  return {
    ...attributes(input.ReturnValues === 'ALL_OLD' ? before : undefined),
    ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(before)),
  };
};

export const updateItem = (tables: Tables, input: UpdateItemCommandInput, context: ReadContext) => {
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
        return before && projected(before, touched);
      case 'UPDATED_NEW':
        return after && projected(after, touched);
      default:
        throw invalid('Return values set to invalid value');
    }
  };
  return {
    ...attributes(wanted()),
    ...capacity(input.ReturnConsumedCapacity, table.definition.name, unitsOf(before, after)),
  };
};

const distinct = (writes: readonly { readonly table: Table; readonly key: string }[], message: string): void => {
  const keys = writes.map(({ table, key }) => `${table.definition.name} ${key}`);
  if (new Set(keys).size < keys.length) throw invalid(message);
};

/** BatchWriteItem: writes without conditions, each by itself; some come back to be sent again. */
export const batchWriteItem = (
  tables: Tables,
  { RequestItems = {} }: BatchWriteItemCommandInput,
  context: ReadContext,
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

/** Transactions that were carried out, by the token of their request. */
export type Tokens = Map<string, { readonly request: string; readonly at: number }>;

const isRepeated = (tokens: Tokens, now: number, input: TransactWriteItemsCommandInput): boolean => {
  const { ClientRequestToken: token, ...rest } = input;
  if (token === undefined) return false;
  const request = JSON.stringify(rest);
  const known = tokens.get(token);
  if (known !== undefined && now - known.at <= TOKEN_MS) {
    if (known.request !== request)
      throw new IdempotentParameterMismatchException({
        message: 'UpdateItem request had the same client token but different request parameters',
        $metadata: metadata(400),
      });
    return true;
  }
  tokens.set(token, { request, at: now });
  return false;
};

/** TransactWriteItems: all writes or none. */
export const transactWriteItems = (
  tables: Tables,
  input: TransactWriteItemsCommandInput,
  context: ReadContext & { readonly now: () => number },
  tokens: Tokens,
) => {
  const { random, conduct, now } = context;
  const entries = input.TransactItems ?? [];
  if (entries.length === 0 || entries.length > MOST_ACTIONS)
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MOST_ACTIONS}`,
    );
  const writes = entries.map(({ Put, Update, Delete, ConditionCheck }): Write & { readonly isCheck?: true } => {
    if ([Put, Update, Delete, ConditionCheck].filter((one) => one !== undefined).length !== 1)
      throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    if (Put) return putOf(tables.of(Put.TableName), Put);
    if (Update) return updateOf(tables.of(Update.TableName), Update).write;
    if (Delete) return deleteOf(tables.of(Delete.TableName), Delete);
    return { ...deleteOf(tables.of(ConditionCheck?.TableName), ConditionCheck ?? {}), isCheck: true };
  });
  const located = writes.map((write) => ({ write, place: orRefusal(write.locate) }));
  distinct(
    located.flatMap(({ write: { table }, place }) => ('key' in place ? [{ table, key: place.key }] : [])),
    'Transaction request cannot include multiple operations on one item',
  );
  if (isRepeated(tokens, now(), input)) return {};

  const { conflicts } = conduct();
  let bytes = 0;
  const steps = located.map(({ write: { table, isAllowed, isCheck, showsRefused: shows }, place }): Step => {
    if ('Code' in place) return { reason: place };
    const { key, change } = place;
    const before = table.find(key)?.item;
    if (conflicts > 0 && table.isContended(key, 'transaction') && happens(conflicts, random))
      return { reason: { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' } };
    if (!isAllowed(before ?? {})) {
      const found = shows && before && { Item: structuredClone(before) as Record<string, never> };
      return { reason: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...found } };
    }
    if (isCheck) return { reason: nothingWrong };
    const changed = orRefusal(() => ({ after: change(before) }));
    if ('Code' in changed) return { reason: changed };
    bytes += Math.max(changed.after ? itemBytes(changed.after) : 0, before ? itemBytes(before) : 0);
    return { reason: nothingWrong, commit: () => table.write(key, changed.after, 'transaction') };
  });
  if (bytes > TRANSACTION_BYTES)
    throw invalid('Collection size of items in the transaction has exceeded the maximum allowed size');
  if (steps.some(({ reason }) => reason !== nothingWrong)) {
    if (input.ClientRequestToken !== undefined) tokens.delete(input.ClientRequestToken);
    throw cancelled(steps.map(({ reason }) => reason));
  }
  for (const { commit } of steps) commit?.();
  return {};
};

type Step = { readonly reason: CancellationReason; readonly commit?: () => void };

const nothingWrong: CancellationReason = { Code: 'None' };

/** A reason of a cancellation; it has nothing of what it stands for. */
type Refusal = { readonly Code: string; readonly Message: string };

/** What a transaction is cancelled with when one of its items does not take its write. */
const orRefusal = <Result extends object>(run: () => Result): Result | Refusal => {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    return { Code: 'ValidationError', Message: error.message };
  }
};
