import { util } from '@aws-appsync/utils';

/** The station's item, as a page of one or none. */
export function request(ctx) {
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ stationId: ctx.args.stationId }) };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { items: ctx.result ? [ctx.result] : [], nextToken: null };
}
