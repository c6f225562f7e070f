import { runtime, util } from '@aws-appsync/utils';

/** The items behind the previous step's page of keys, in its order. */
export function request(ctx) {
  const page = ctx.prev.result;
  if (page.items.length === 0) runtime.earlyReturn({ items: [], nextToken: page.nextToken });
  const keys = page.items.map(({ stationId, connectorKey }) => util.dynamodb.toMapValues({ stationId, connectorKey }));
  return { operation: 'BatchGetItem', tables: { [ctx.env.CONNECTORS_TABLE]: { keys } } };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  const table = ctx.env.CONNECTORS_TABLE;
  if ((ctx.result.unprocessedKeys?.[table] ?? []).length > 0)
    util.error('DynamoDB is busy, please ask again', 'Unavailable');
  const byPath = {};
  for (const item of ctx.result.data[table]) {
    if (item) byPath[path(item)] = item;
  }
  const { items, nextToken } = ctx.prev.result;
  return { items: items.map((key) => byPath[path(key)]).filter((item) => item), nextToken };
}

function path({ stationId, connectorKey }) {
  return `${stationId}#${connectorKey}`;
}
