import { util } from '@aws-appsync/utils';

/** Has the Lambda answer the field. What the caller did wrong comes back as an error with a type of its own. */
export function request(ctx) {
  return { operation: 'Invoke', payload: { field: ctx.info.fieldName, arguments: ctx.args } };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  if (ctx.result.error) util.error(ctx.result.error.message, ctx.result.error.type);
  return ctx.result.data;
}
