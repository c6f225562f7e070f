import { util } from '@aws-appsync/utils';

/** Has a Lambda answer the field, which hears who asks: an IAM identity, or nobody where the API key was shown. */
export function request(ctx) {
  const caller = ctx.identity ? ctx.identity.userArn : undefined;
  return { operation: 'Invoke', payload: { field: ctx.info.fieldName, arguments: ctx.args, caller } };
}

export function response(ctx) {
  if (ctx.error) util.error('This cannot be answered at the moment, please ask again', 'Unavailable');
  const { data, error } = ctx.result;
  if (error) util.error(error.message, error.type);
  return data;
}
