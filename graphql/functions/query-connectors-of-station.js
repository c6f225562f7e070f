import { util } from '@aws-appsync/utils';

const MAX_CONNECTORS = 100;

/** All connectors of the station this field belongs to. */
export function request(ctx) {
  return {
    operation: 'Query',
    query: {
      expression: 'stationId = :stationId',
      expressionValues: util.dynamodb.toMapValues({ ':stationId': ctx.source.stationId }),
    },
    limit: MAX_CONNECTORS,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  return { items: ctx.result.items, nextToken: null };
}
