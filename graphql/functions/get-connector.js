import { util } from '@aws-appsync/utils';

/** The connector's item, as a page of one or none. */
export function request(ctx) {
  const { stationId, evseId, connectorId } = ctx.args;
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ stationId, connectorKey: `${evseId}#${connectorId}` }),
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { items: ctx.result ? [ctx.result] : [], nextToken: null };
}
