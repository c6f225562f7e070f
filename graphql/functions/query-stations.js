import { util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** DynamoDB takes no longer key. */
const MAX_KEY_LENGTH = 256;

/** A page of keys: of a site, of a model, or of all registered stations. 100 is also what one BatchGetItem takes. */
export function request(ctx) {
  const { limit, nextToken, model, firmware } = ctx.args;
  const siteId = ctx.info.parentTypeName === 'Site' ? ctx.source.siteId : ctx.args.siteId;
  const wanted = limit ?? DEFAULT_LIMIT;
  if ([siteId, model, firmware].includes(''))
    util.error('siteId, model and firmware must not be empty', 'InvalidRequest');
  if (siteId && model) util.error('Give siteId or model, not both', 'InvalidRequest');
  if (firmware && !model) util.error('A firmware needs its model', 'InvalidRequest');
  if ([siteId, model, firmware].some((key) => key && key.length > MAX_KEY_LENGTH))
    util.error(`siteId, model and firmware have at most ${MAX_KEY_LENGTH} characters`, 'InvalidRequest');
  if (wanted < 1 || wanted > MAX_LIMIT) util.error(`limit must be 1 to ${MAX_LIMIT}, not ${wanted}`, 'InvalidRequest');
  const page = { limit: wanted, nextToken };
  if (siteId) return { operation: 'Query', index: 'bySite', query: ofSite(siteId), ...page };
  if (model) return { operation: 'Query', index: 'byModel', query: ofModel(model, firmware), ...page };
  // The index holds registered stations only, those of a site side by side.
  return { operation: 'Scan', index: 'bySite', ...page };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, faultOf(ctx.error.message));
  return { items: ctx.result.items, nextToken: ctx.result.nextToken };
}

function ofSite(siteId) {
  return { expression: 'siteId = :siteId', expressionValues: util.dynamodb.toMapValues({ ':siteId': siteId }) };
}

function ofModel(model, firmware) {
  if (!firmware)
    return { expression: 'model = :model', expressionValues: util.dynamodb.toMapValues({ ':model': model }) };
  return {
    expression: 'model = :model AND begins_with(modelPath, :firmware)',
    expressionValues: util.dynamodb.toMapValues({ ':model': model, ':firmware': `${firmware}#` }),
  };
}

/** A page token of another list is the caller's mistake; whatever else DynamoDB refuses will pass. */
function faultOf(message) {
  const isToken = message.includes('pagination token') || message.includes('starting key');
  return isToken ? 'InvalidRequest' : 'Unavailable';
}
