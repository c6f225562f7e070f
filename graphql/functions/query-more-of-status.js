import { runtime, util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
/** Parts of a status in its index, as aws/dynamodb/connector-item.ts makes them. */
const SHARDS = ['0', '1', '2', '3'];

/** Fills up a page of connectors with a status from the next part of it: a page is short only at the end of the list. */
export function request(ctx) {
  const page = ctx.prev.result;
  const status = ctx.args.filter?.status;
  const missing = (ctx.args.limit ?? DEFAULT_LIMIT) - page.items.length;
  if (!status || !page.nextToken || missing < 1) runtime.earlyReturn(page);
  const [shard, token] = page.nextToken.split(':');
  return {
    operation: 'Query',
    index: 'byStatus',
    query: {
      expression: 'statusShard = :shard',
      expressionValues: util.dynamodb.toMapValues({ ':shard': `${status}#${shard}` }),
    },
    limit: missing,
    nextToken: token === '' ? null : token,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  const [shard] = ctx.prev.result.nextToken.split(':');
  const items = ctx.prev.result.items.concat(ctx.result.items);
  if (ctx.result.nextToken) return { items, nextToken: `${shard}:${ctx.result.nextToken}` };
  const next = SHARDS.indexOf(shard) + 1;
  return { items, nextToken: next < SHARDS.length ? `${SHARDS[next]}:` : null };
}
