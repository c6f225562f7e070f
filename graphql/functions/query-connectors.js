import { util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
const INDEXES = { siteId: 'bySite', region: 'byRegion', status: 'byStatus' };

/** A page of keys by the one field the filter names, or of all connectors. 100 is also what one BatchGetItem takes. */
export function request(ctx) {
  const { limit, nextToken } = ctx.args;
  const filter = ctx.args.filter ?? {};
  const given = Object.keys(INDEXES).filter((field) => filter[field] !== undefined && filter[field] !== null);
  if (given.length > 1) util.error('filter takes at most one of siteId, region and status', 'InvalidRequest');
  const wanted = limit ?? DEFAULT_LIMIT;
  if (wanted < 1 || wanted > MAX_LIMIT) util.error(`limit must be 1 to ${MAX_LIMIT}, not ${wanted}`, 'InvalidRequest');
  const page = { limit: wanted, nextToken };
  if (given.length === 0) return { operation: 'Scan', index: 'bySite', ...page };
  const field = given[0];
  if (filter[field] === '') util.error(`${field} must not be empty`, 'InvalidRequest');
  return {
    operation: 'Query',
    index: INDEXES[field],
    query: {
      // Two of the three are reserved words of DynamoDB.
      expression: '#field = :value',
      expressionNames: { '#field': field },
      expressionValues: util.dynamodb.toMapValues({ ':value': filter[field] }),
    },
    ...page,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, faultOf(ctx.error.message));
  return { items: ctx.result.items, nextToken: ctx.result.nextToken };
}

/** A page token of another list is the caller's mistake; whatever else DynamoDB refuses will pass. */
function faultOf(message) {
  const isToken = message.includes('pagination token') || message.includes('starting key');
  return isToken ? 'InvalidRequest' : 'Unavailable';
}
