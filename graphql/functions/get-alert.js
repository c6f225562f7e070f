import { runtime, util } from '@aws-appsync/utils';

/** The alert's item, as a page of one or none. Its id is its condition and, after the last bar, its occasion. */
export function request(ctx) {
  const parts = ctx.args.alertId.split('|');
  if (parts.length < 2) runtime.earlyReturn({ items: [], nextToken: null });
  const condition = parts.slice(0, -1).join('|');
  const occasion = parts[parts.length - 1];
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ condition, occasion }) };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  // Beside a condition's alerts stands the count of them: no alert.
  return { items: ctx.result?.alertId ? [ctx.result] : [], nextToken: null };
}
