import { runtime, util } from '@aws-appsync/utils';

/** The items behind the previous step's page of keys, in its order. */
export function request(ctx) {
  const page = ctx.prev.result;
  if (page.items.length === 0) runtime.earlyReturn({ items: [], nextToken: page.nextToken });
  const keys = page.items.map(({ stationId }) => util.dynamodb.toMapValues({ stationId }));
  return { operation: 'BatchGetItem', tables: { [ctx.env.STATIONS_TABLE]: { keys } } };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  const table = ctx.env.STATIONS_TABLE;
  if ((ctx.result.unprocessedKeys?.[table] ?? []).length > 0)
    util.error('DynamoDB is busy, please ask again', 'Unavailable');
  const byId = {};
  for (const item of ctx.result.data[table]) {
    if (item) byId[item.stationId] = item;
  }
  const { items, nextToken } = ctx.prev.result;
  return { items: items.map(({ stationId }) => byId[stationId]).filter((item) => item), nextToken };
}
