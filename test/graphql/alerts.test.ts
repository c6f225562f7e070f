import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toAlertItem } from '../../aws/dynamodb/alert-item.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import { resolverCode } from '../../local/appsync/resolver-code.ts';
import { localSystem } from '../../local/system.ts';

const folder = join(import.meta.dirname, '../../graphql/functions');
const at = Date.parse('2026-11-20T12:00:00.000Z');

/** One function of a pipeline: what it asks, and what it makes of the answer. */
const step = (name: string, args: object, result: unknown, prev: unknown = null, fieldName = '') => {
  const file = resolverCode(name, readFileSync(join(folder, `${name}.js`), 'utf8'), () => {}, {
    ...localSystem,
    clock: () => at,
  });
  const context = {
    args,
    arguments: args,
    source: null,
    env: {},
    prev: { result: prev },
    identity: null,
    request: { headers: {}, domainName: null } as const,
    info: { fieldName },
    stash: {},
  };
  const request = file.request(context);
  return { request: request.value, early: request.early, response: file.response({ ...context, result }).value };
};

const alert: Alert = {
  alertId: 'tamper|station:CS|1|2026-11-20T12:00:00.000Z',
  condition: 'tamper|station:CS|1',
  rule: 'tamper',
  subject: { kind: 'station', stationId: 'CS|1', siteId: 'site-1', zoneId: 'zone-1', region: 'north' },
  severity: 'critical',
  phase: 'open',
  summary: 'Door open',
  detail: { value: 'true' },
  since: at,
  holds: false,
  raisedAt: at,
  raises: 1,
  starts: [at],
  openForMs: 0,
  seen: [],
  version: 1,
  rev: 1,
  outbox: [],
};

describe('alerts', () => {
  it.each([
    [{ siteId: 'site-1' }, 'bySite', 'siteId', 'site-1'],
    [{ stationId: 'CS' }, 'byStation', 'stationId', 'CS'],
    [{ severity: 'major' }, 'byOpen', 'openSeverity', 'major'],
  ])('%j reads its index, the last raised first', (filter, index, key, value) => {
    const page = { items: [toAlertItem(alert)], nextToken: 'next' };
    expect(step('query-alerts', { filter }, page)).toEqual({
      request: {
        operation: 'Query',
        index,
        query: {
          expression: '#key = :value AND raisedAt BETWEEN :from AND :to',
          expressionNames: { '#key': key },
          expressionValues: { ':value': { S: value }, ':from': { N: '0' }, ':to': { N: '8640000000000000' } },
        },
        filter: null,
        limit: 50,
        scanIndexForward: false,
      },
      early: false,
      response: page,
    });
  });

  it('are narrowed by phase and time', () => {
    const filter = { siteId: 's', phase: 'open', from: '2026-11-20T12:00:00Z', to: '2026-11-20T12:00:01Z' };
    expect(step('query-alerts', { filter }, { items: [] }).request).toMatchObject({
      query: { expressionValues: { ':from': { N: String(at) }, ':to': { N: String(at + 1_000) } } },
      filter: { expression: 'phase = :phase', expressionValues: { ':phase': { S: 'open' } } },
    });
  });

  it('cannot be asked for in a span that ends before it begins', () => {
    const filter = { siteId: 's', from: '2026-11-20T12:00:01Z', to: '2026-11-20T12:00:00Z' };
    expect(() => step('query-alerts', { filter }, { items: [] })).toThrow('to must not be before from');
  });

  it.each([{}, { siteId: 's', stationId: 'c' }])('need exactly one field: %j', (filter) => {
    expect(() => step('query-alerts', { filter }, { items: [] })).toThrow('exactly one of');
  });
});

describe('alert', () => {
  it('is found by its id, whatever the station is called', () => {
    const found = step('get-alert', { alertId: alert.alertId }, toAlertItem(alert));
    expect(found).toEqual({
      request: {
        operation: 'GetItem',
        key: { condition: { S: 'tamper|station:CS|1' }, occasion: { S: '2026-11-20T12:00:00.000Z' } },
      },
      early: false,
      response: { items: [toAlertItem(alert)], nextToken: null },
    });
  });

  it('is shown with instants in ISO 8601 and its figures as JSON', () => {
    const shown = step('present-alerts', {}, null, { items: [toAlertItem(alert)], nextToken: null }).response;
    expect(shown).toEqual({
      items: [
        {
          alertId: alert.alertId,
          rule: 'tamper',
          severity: 'critical',
          phase: 'open',
          summary: 'Door open',
          detail: '{"value":"true"}',
          subjectKind: 'station',
          stationId: 'CS|1',
          siteId: 'site-1',
          zoneId: 'zone-1',
          region: 'north',
          since: '2026-11-20T12:00:00.000Z',
          raisedAt: '2026-11-20T12:00:00.000Z',
          raises: 1,
          escalatedAt: null,
          acknowledged: null,
          cleared: null,
        },
      ],
      nextToken: null,
    });
  });
});

describe('fields a Lambda answers', () => {
  it('are asked by name and arguments', () => {
    const args = { alertId: 'x', by: 'dana' };
    const answered = step('invoke-serve-alerts', args, { data: { items: [] } }, null, 'clearAlert');
    expect([answered.request, answered.response]).toEqual([
      { operation: 'Invoke', payload: { field: 'clearAlert', arguments: args } },
      { items: [] },
    ]);
  });

  it("fail with the caller's mistake", () => {
    const refused = { error: { type: 'AlertNotOpen', message: 'Alert x is not open' } };
    expect(() => step('invoke-serve-alerts', {}, refused)).toThrow('Alert x is not open');
  });
});
