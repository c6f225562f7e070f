import { z } from 'zod';
import { fromItem } from '../dynamodb/to-attribute-value.ts';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { DataSourceError } from './data-source-error.ts';
import { type Condition, type Projection, TableRequest } from './table-request.ts';

type Named = { readonly expressionNames?: Record<string, string> | null | undefined };
const namesOf = (...parts: readonly (Named | null | undefined)[]) => {
  const names = Object.assign({}, ...parts.map((part) => part?.expressionNames ?? {}));
  return Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names };
};
type Valued = { readonly expressionValues?: Record<string, unknown> | null | undefined };
const valuesOf = (...parts: readonly (Valued | null | undefined)[]) => {
  const values = Object.assign({}, ...parts.map((part) => part?.expressionValues ?? {}));
  return Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values };
};

const target = (operation: string) => `DynamoDB_20120810.${operation}`;
const itemOrNull = (item: unknown) => (item === undefined ? null : fromItem(item));

const tokenOf = (key: unknown): string | null =>
  key === undefined ? null : Buffer.from(JSON.stringify(key)).toString('base64');

/** A key's attributes, each with its type. */
const StartKey = z.record(z.string(), z.partialRecord(z.enum(['S', 'N', 'B']), z.string()));

const keyOf = (token: string | null | undefined): object => {
  if (token === null || token === undefined) return {};
  try {
    return { ExclusiveStartKey: StartKey.parse(JSON.parse(Buffer.from(token, 'base64').toString())) };
  } catch (cause) {
    throw new DataSourceError('Invalid pagination token given.', 'BadRequest', { cause });
  }
};

/** Runs one request of a resolver against a table and shapes the answer as AppSync does. Throws DataSourceError. */
export const runOnTable = async (call: AwsJsonCall, tableName: string, asked: unknown): Promise<unknown> => {
  const parsed = TableRequest.safeParse(asked);
  if (!parsed.success)
    throw new DataSourceError(`Not emulated by the local runtime: ${z.prettifyError(parsed.error)}`, 'MappingTemplate');
  const request = parsed.data;
  const TableName = tableName;
  const send = async (operation: string, input: object) => {
    try {
      return await call(target(operation), input);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'InternalError';
      const message = error instanceof Error ? error.message : String(error);
      throw new DataSourceError(message, `DynamoDB:${code}`, { cause: error });
    }
  };
  switch (request.operation) {
    case 'GetItem': {
      const { Item } = await send('GetItem', {
        TableName,
        Key: request.key,
        ConsistentRead: request.consistentRead ?? false,
        ProjectionExpression: request.projection?.expression,
        ...namesOf(request.projection),
      });
      return itemOrNull(Item);
    }
    case 'Query':
    case 'Scan': {
      const query = request.operation === 'Query' ? request.query : undefined;
      const answer = await send(request.operation, {
        TableName,
        KeyConditionExpression: query?.expression,
        IndexName: request.index ?? undefined,
        Limit: request.limit ?? undefined,
        FilterExpression: request.filter?.expression,
        ProjectionExpression: request.projection?.expression,
        Select: request.select ?? undefined,
        ...namesOf(query, request.filter, request.projection),
        ...valuesOf(query, request.filter),
        ScanIndexForward: request.operation === 'Query' ? (request.scanIndexForward ?? true) : undefined,
        ConsistentRead: request.consistentRead ?? false,
        ...keyOf(request.nextToken),
      });
      const { Items, LastEvaluatedKey, ScannedCount } = z
        .object({ Items: z.array(z.unknown()), LastEvaluatedKey: z.unknown().optional(), ScannedCount: z.number() })
        .parse({ Items: [], ...answer });
      return { items: Items.map(fromItem), nextToken: tokenOf(LastEvaluatedKey), scannedCount: ScannedCount };
    }
    case 'PutItem': {
      const Item = { ...request.attributeValues, ...request.key };
      await send('PutItem', { TableName, Item, ...conditionOf(request.condition) });
      return fromItem(Item);
    }
    case 'UpdateItem': {
      const { update, condition } = request;
      const { Attributes } = await send('UpdateItem', {
        TableName,
        Key: request.key,
        UpdateExpression: update.expression,
        ConditionExpression: condition?.expression,
        ...namesOf(update, condition),
        ...valuesOf(update, condition),
        ReturnValues: 'ALL_NEW',
      });
      return itemOrNull(Attributes);
    }
    case 'DeleteItem': {
      const { Attributes } = await send('DeleteItem', {
        TableName,
        Key: request.key,
        ...conditionOf(request.condition),
        ReturnValues: 'ALL_OLD',
      });
      return itemOrNull(Attributes);
    }
    case 'BatchGetItem':
      return await batchGet(send, request.tables);
  }
};

const conditionOf = (condition: z.infer<typeof Condition>) =>
  condition ? { ConditionExpression: condition.expression, ...namesOf(condition), ...valuesOf(condition) } : {};

type Tables = Record<
  string,
  {
    keys: readonly Record<string, unknown>[];
    consistentRead?: boolean | null | undefined;
    projection?: z.infer<typeof Projection>;
  }
>;

/** AppSync answers in the order of the keys asked for, null where there is no item. */
const batchGet = async (
  send: (operation: string, input: object) => Promise<Record<string, unknown>>,
  tables: Tables,
) => {
  const answer = z
    .object({
      Responses: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).default({}),
      UnprocessedKeys: z.record(z.string(), z.object({ Keys: z.array(z.unknown()) })).default({}),
    })
    .parse(
      await send('BatchGetItem', {
        RequestItems: Object.fromEntries(
          Object.entries(tables).map(([name, { keys, consistentRead, projection }]) => [
            name,
            {
              Keys: keys,
              ConsistentRead: consistentRead ?? false,
              ProjectionExpression: projection?.expression,
              ...namesOf(projection),
            },
          ]),
        ),
      }),
    );
  const holdsKey = (item: Record<string, unknown>, key: Record<string, unknown>) =>
    Object.entries(key).every(([name, value]) => JSON.stringify(item[name]) === JSON.stringify(value));
  const entries = Object.entries(tables);
  return {
    data: Object.fromEntries(
      entries.map(([name, { keys }]) => [
        name,
        keys.map((key) => itemOrNull(answer.Responses[name]?.find((item) => holdsKey(item, key)))),
      ]),
    ),
    unprocessedKeys: Object.fromEntries(
      entries.map(([name]) => [name, (answer.UnprocessedKeys[name]?.Keys ?? []).map(fromItem)]),
    ),
  };
};
