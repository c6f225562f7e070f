import { util } from '@aws-appsync/utils';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
const KEYS = { siteId: 'siteId', stationId: 'stationId', severity: 'openSeverity' };
const INDEXES = { siteId: 'bySite', stationId: 'byStation', severity: 'byOpen' };

/** A page of alerts, the last raised first, by the one field the filter names. Index byOpen holds open alerts only. */
export function request(ctx) {
  const { filter, limit, nextToken } = ctx.args;
  const fields = Object.keys(INDEXES).filter((field) => (filter[field] ?? '') !== '');
  if (fields.length !== 1) util.error('filter needs exactly one of siteId, stationId and severity', 'BadRequest');
  const wanted = limit ?? DEFAULT_LIMIT;
  if (wanted < 1 || wanted > MAX_LIMIT) util.error(`limit must be 1 to ${MAX_LIMIT}, not ${wanted}`, 'BadRequest');
  const field = fields[0];
  const from = filter.from ? util.time.parseISO8601ToEpochMilliSeconds(filter.from) : 0;
  // An instant DynamoDB's numbers and ours both hold, long after any alert.
  const to = filter.to ? util.time.parseISO8601ToEpochMilliSeconds(filter.to) : 8640000000000000;
  if (to < from) util.error('to must not be before from', 'BadRequest');
  return {
    operation: 'Query',
    index: INDEXES[field],
    query: {
      expression: '#key = :value AND raisedAt BETWEEN :from AND :to',
      expressionNames: { '#key': KEYS[field] },
      expressionValues: util.dynamodb.toMapValues({ ':value': filter[field], ':from': from, ':to': to }),
    },
    filter: phaseFilter(filter.phase),
    limit: wanted,
    scanIndexForward: false,
    nextToken,
  };
}

export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return { items: ctx.result.items, nextToken: ctx.result.nextToken };
}

function phaseFilter(phase) {
  if (!phase) return null;
  return { expression: 'phase = :phase', expressionValues: util.dynamodb.toMapValues({ ':phase': phase }) };
}
