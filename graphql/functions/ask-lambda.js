import { util } from '@aws-appsync/utils';

/**
 * Has a Lambda answer the field, which hears who asks: a verified identity, or nobody where the API key was shown. What the
 * caller did wrong comes back as an error with a type and a code.
 */
export function request(ctx) {
  const { fieldName } = ctx.info;
  return { operation: 'Invoke', payload: { field: fieldName, arguments: ctx.args, identity: ctx.identity } };
}

export function response(ctx) {
  if (ctx.error) util.error('This cannot be answered at the moment, please ask again', 'Unavailable');
  const { data, error } = ctx.result;
  if (error) util.error(error.message, error.type, null, { code: error.code });
  return data;
}
