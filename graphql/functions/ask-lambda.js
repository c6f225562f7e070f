import { util } from '@aws-appsync/utils';

/** Has a Lambda answer the field; what the caller did wrong comes back as an error with a type of its own. */
export function request(ctx) {
  return { operation: 'Invoke', payload: { field: ctx.info.fieldName, arguments: ctx.args } };
}

export function response(ctx) {
  if (ctx.error) util.error('This cannot be answered at the moment, please ask again', 'Unavailable');
  const { data, error } = ctx.result;
  if (error) util.error(error.message, error.type);
  return data;
}
