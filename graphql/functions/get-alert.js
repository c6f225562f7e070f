import { runtime, util } from '@aws-appsync/utils';

/** An instant in ISO 8601 with milliseconds. */
const INSTANT_LENGTH = 24;
const MAX_CONDITION_LENGTH = 500;

/** The alert's item, as a page of one or none. Its id is its condition and, after the last bar, its occasion. */
export function request(ctx) {
  const parts = ctx.args.alertId.split('|');
  const condition = parts.slice(0, -1).join('|');
  const occasion = parts[parts.length - 1];
  // No id of an alert, and no key DynamoDB would take.
  if (condition === '' || occasion.length !== INSTANT_LENGTH || condition.length > MAX_CONDITION_LENGTH)
    runtime.earlyReturn({ items: [], nextToken: null });
  return { operation: 'GetItem', key: util.dynamodb.toMapValues({ condition, occasion }) };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, 'Unavailable');
  // Beside a condition's alerts stands the count of them: no alert, as little as one that was not raised yet.
  const isAlert = ctx.result?.alertId && ctx.result.phase !== 'pending';
  return { items: isAlert ? [ctx.result] : [], nextToken: null };
}
