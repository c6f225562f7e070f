import { z } from 'zod';

const Names = z.record(z.string(), z.string()).nullish();

const Values = z.record(z.string(), z.unknown()).nullish();

const Key = z.record(z.string(), z.unknown());

const Expression = z.strictObject({ expression: z.string(), expressionNames: Names, expressionValues: Values });

export const Projection = z.strictObject({ expression: z.string(), expressionNames: Names }).nullish();

const page = {
  index: z.string().nullish(),
  limit: z.number().int().positive().nullish(),
  nextToken: z.string().nullish(),
  consistentRead: z.boolean().nullish(),
  filter: Expression.nullish(),
  projection: Projection,
  select: z.string().nullish(),
};

export const Condition = Expression.extend({
  equalsIgnore: z.undefined().optional(),
  consistentRead: z.unknown().optional(),
}).nullish();

/** The requests resolvers may make; strict, so that an option that is not emulated is an error. */
export const TableRequest = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('GetItem'),
    key: Key,
    consistentRead: z.boolean().nullish(),
    projection: Projection,
  }),
  z.strictObject({
    operation: z.literal('Query'),
    query: Expression,
    scanIndexForward: z.boolean().nullish(),
    ...page,
  }),
  z.strictObject({ operation: z.literal('Scan'), ...page }),
  z.strictObject({
    operation: z.literal('PutItem'),
    key: Key,
    attributeValues: Key.optional(),
    condition: Condition,
  }),
  z.strictObject({ operation: z.literal('UpdateItem'), key: Key, update: Expression, condition: Condition }),
  z.strictObject({ operation: z.literal('DeleteItem'), key: Key, condition: Condition }),
  z.strictObject({
    operation: z.literal('BatchGetItem'),
    tables: z.record(
      z.string(),
      z.strictObject({ keys: z.array(Key), consistentRead: z.boolean().nullish(), projection: Projection }),
    ),
  }),
]);
