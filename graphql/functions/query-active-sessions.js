import { util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** DynamoDB takes no longer key. */
const MAX_KEY_LENGTH = 256;

/** A page of keys from index activeBySite, which holds a connector only while its session runs: of a site, or all of them. */
export function request(ctx) {
  const { siteId, limit, nextToken } = ctx.args;
  const wanted = limit ?? DEFAULT_LIMIT;
  if (siteId === '') util.error('siteId must not be empty', 'InvalidRequest');
  if (siteId && siteId.length > MAX_KEY_LENGTH)
    util.error(`siteId has at most ${MAX_KEY_LENGTH} characters`, 'InvalidRequest');
  if (wanted < 1 || wanted > MAX_LIMIT) util.error(`limit must be 1 to ${MAX_LIMIT}, not ${wanted}`, 'InvalidRequest');
  const page = { index: 'activeBySite', limit: wanted, nextToken };
  if (!siteId) return { operation: 'Scan', ...page };
  return {
    operation: 'Query',
    query: {
      expression: 'activeSiteId = :siteId',
      expressionValues: util.dynamodb.toMapValues({ ':siteId': siteId }),
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
