import { runtime, util } from '@aws-appsync/utils';

const MAX_ID_LENGTH = 48;

/** The station's item, as a page of one or none. */
export function request(ctx) {
  // No id of a station, and no key DynamoDB would take.
  if (ctx.args.stationId === '' || ctx.args.stationId.length > MAX_ID_LENGTH)
    runtime.earlyReturn({ items: [], nextToken: null });
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ stationId: ctx.args.stationId }) };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { items: ctx.result ? [ctx.result] : [], nextToken: null };
}
