import { util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
const INDEXES = { siteId: 'bySite', region: 'byRegion', status: 'byStatus' };

/** A page of keys from the index of the one field the filter names. 100 is also what one BatchGetItem takes. */
export function request(ctx) {
  const { filter, limit, nextToken } = ctx.args;
  const fields = Object.keys(INDEXES).filter((field) => (filter[field] ?? '') !== '');
  if (fields.length !== 1) util.error('filter needs exactly one of siteId, region and status', 'BadRequest');
  const wanted = limit ?? DEFAULT_LIMIT;
  if (wanted < 1 || wanted > MAX_LIMIT) util.error(`limit must be 1 to ${MAX_LIMIT}, not ${wanted}`, 'BadRequest');
  const field = fields[0];
  return {
    operation: 'Query',
    index: INDEXES[field],
    query: {
      // Two of the three are reserved words of DynamoDB.
      expression: '#field = :value',
      expressionNames: { '#field': field },
      expressionValues: util.dynamodb.toMapValues({ ':value': filter[field] }),
    },
    limit: wanted,
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { items: ctx.result.items, nextToken: ctx.result.nextToken };
}
