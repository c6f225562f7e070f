import { util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** DynamoDB takes no longer key. */
const MAX_KEY_LENGTH = 256;
const INDEXES = { siteId: 'bySite', region: 'byRegion', status: 'byStatus' };
/** Parts of a status in its index, as aws/dynamodb/connector-item.ts makes them. */
const SHARDS = ['0', '1', '2', '3'];

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
  if (filter[field].length > MAX_KEY_LENGTH)
    util.error(`${field} has at most ${MAX_KEY_LENGTH} characters`, 'InvalidRequest');
  if (field === 'status') {
    const { shard, token } = startOf(nextToken);
    return pageOf('statusShard', `${filter.status}#${shard}`, INDEXES.status, { limit: wanted, nextToken: token });
  }
  return pageOf(field, filter[field], INDEXES[field], page);
}

function pageOf(key, value, index, page) {
  return {
    operation: 'Query',
    index,
    query: {
      // Two of the three are reserved words of DynamoDB.
      expression: '#field = :value',
      expressionNames: { '#field': key },
      expressionValues: util.dynamodb.toMapValues({ ':value': value }),
    },
    ...page,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, faultOf(ctx.error.message));
  const { items, nextToken } = ctx.result;
  if (!ctx.args.filter?.status) return { items, nextToken };
  return { items, nextToken: tokenAfter(startOf(ctx.args.nextToken).shard, nextToken) };
}

/** Where a page of a status begins: the part of the status, and the token of the page before in it. */
function startOf(nextToken) {
  if (!nextToken) return { shard: SHARDS[0], token: null };
  const parts = nextToken.split(':');
  if (parts.length !== 2 || !SHARDS.includes(parts[0]))
    util.error('nextToken is not one of a list of this status', 'InvalidRequest');
  return { shard: parts[0], token: parts[1] === '' ? null : parts[1] };
}

/** The token of what follows a page: in its part of the status, or in the next one; null after the last. */
function tokenAfter(shard, nextToken) {
  if (nextToken) return `${shard}:${nextToken}`;
  const next = SHARDS.indexOf(shard) + 1;
  return next < SHARDS.length ? `${SHARDS[next]}:` : null;
}

/** A page token of another list is the caller's mistake; whatever else DynamoDB refuses will pass. */
function faultOf(message) {
  const isToken = message.includes('pagination token') || message.includes('starting key');
  return isToken ? 'InvalidRequest' : 'Unavailable';
}
