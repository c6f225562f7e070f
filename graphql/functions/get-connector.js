import { runtime, util } from '@aws-appsync/utils';

const MAX_ID_LENGTH = 48;

/** The connector's item, as a page of one or none. */
export function request(ctx) {
  const { stationId, evseId, connectorId } = ctx.args;
  // No id of a station, and no key DynamoDB would take.
  if (stationId === '' || stationId.length > MAX_ID_LENGTH) runtime.earlyReturn({ items: [], nextToken: null });
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ stationId, connectorKey: `${evseId}#${connectorId}` }),
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { items: ctx.result ? [ctx.result] : [], nextToken: null };
}
