import { runtime, util } from '@aws-appsync/utils';

const MAX_ID_LENGTH = 48;

/** The item of the connector that is asked for, or that the parent is about, as a page of one or none. */
export function request(ctx) {
  const { stationId, evseId, connectorId } = ctx.info.parentTypeName === 'Query' ? ctx.args : ctx.source;
  // An alert may be about no connector.
  if (evseId === undefined || evseId === null) runtime.earlyReturn({ items: [], nextToken: null });
  // No id of a station, and no key DynamoDB would take.
  if (!stationId || stationId.length > MAX_ID_LENGTH) runtime.earlyReturn({ items: [], nextToken: null });
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ stationId, connectorKey: `${evseId}#${connectorId}` }),
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  return { items: ctx.result ? [ctx.result] : [], nextToken: null };
}
