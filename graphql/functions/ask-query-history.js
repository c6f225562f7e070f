import { util } from '@aws-appsync/utils';

/** The field's value, worked out by query-history; a wrong request is told as such. */
export function request(ctx) {
  return { operation: 'Invoke', payload: { field: ctx.info.fieldName, arguments: ctx.args } };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  const { data, error } = ctx.result;
  if (error) util.error(error.message, error.type);
  return data;
}
