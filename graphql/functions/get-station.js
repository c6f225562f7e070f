import { runtime, util } from '@aws-appsync/utils';

const MAX_ID_LENGTH = 48;

/** The item of the station that is asked for, or that the parent belongs to, as a page of one or none. */
export function request(ctx) {
  const { stationId } = ctx.info.parentTypeName === 'Query' ? ctx.args : ctx.source;
  // No id of a station, and no key DynamoDB would take.
  if (!stationId || stationId.length > MAX_ID_LENGTH) runtime.earlyReturn({ items: [], nextToken: null });
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ stationId }) };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  return { items: ctx.result ? [ctx.result] : [], nextToken: null };
}
