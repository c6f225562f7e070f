import { util } from '@aws-appsync/utils';

/** Has query-network tell the site the parent belongs to, or how many connectors of the parent site are in each status. */
export function request(ctx) {
  const { siteId } = ctx.source;
  const isSite = ctx.info.fieldName === 'site';
  const payload = isSite
    ? { field: 'site', arguments: { siteId } }
    : { field: 'statusCounts', arguments: { filter: { siteId } } };
  return { operation: 'Invoke', payload };
}

export function response(ctx) {
  if (ctx.error) util.error('This cannot be answered at the moment, please ask again', 'Unavailable');
  const { data, error } = ctx.result;
  if (error) util.error(error.message, error.type);
  return data;
}
