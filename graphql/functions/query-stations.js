import { util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** A page of keys from index bySite. 100 is also what one BatchGetItem takes. */
export function request(ctx) {
  const { siteId, limit, nextToken } = ctx.args;
  const wanted = limit ?? DEFAULT_LIMIT;
  if (siteId === '') util.error('siteId must not be empty', 'BadRequest');
  if (wanted < 1 || wanted > MAX_LIMIT) util.error(`limit must be 1 to ${MAX_LIMIT}, not ${wanted}`, 'BadRequest');
  return {
    operation: 'Query',
    index: 'bySite',
    query: {
      expression: 'siteId = :siteId',
      expressionValues: util.dynamodb.toMapValues({ ':siteId': siteId }),
    },
    limit: wanted,
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { items: ctx.result.items, nextToken: ctx.result.nextToken };
}
