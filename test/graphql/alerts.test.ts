import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toAlertItem } from '../../aws/dynamodb/alert-item.ts';
import type { Alert } from '../../domain/alerts/alert.ts';
import { resolverCode } from '../../local/appsync/resolver-code.ts';
import { localSystem } from '../../local/local-system.ts';

const folder = join(import.meta.dirname, '../../graphql/functions');
const at = Date.parse('2026-11-20T12:00:00.000Z');

const olga = { userArn: 'arn:aws:iam::000000000000:user/olga' };

/** Runs one function of an AppSync pipeline: its request to the data source, and its response to the given result. */
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
    identity: olga,
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

  it('is null while it has not been raised', () => {
    const { response } = step('get-alert', { alertId: alert.alertId }, { ...toAlertItem(alert), phase: 'pending' });
    expect(response).toEqual({ items: [], nextToken: null });
  });

  it.each(['', 'a', 'a|', '|2026-11-20T12:00:00.000Z', 'a|counter', `${'a'.repeat(3_000)}|2026-11-20T12:00:00.000Z`])(
    'is null for an id that no key can be made of (%#)',
    (alertId) => {
      const { early, request } = step('get-alert', { alertId }, null);
      expect({ early, request }).toEqual({ early: true, request: { items: [], nextToken: null } });
    },
  );

  it('is shown with instants in ISO 8601 and its figures as JSON', () => {
    const shown = step('present-alerts', {}, null, { items: [toAlertItem(alert)], nextToken: null }).response;
    expect(shown).toEqual({
      items: [
        {
          id: alert.alertId,
          alertId: alert.alertId,
          rule: 'tamper',
          severity: 'critical',
          status: 'open',
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
  it('are asked by name, arguments and who asks', () => {
    const args = { alertId: 'x' };
    const answered = step('ask-lambda', args, { data: { items: [] } }, null, 'clearAlert');
    expect([answered.request, answered.response]).toEqual([
      { operation: 'Invoke', payload: { field: 'clearAlert', arguments: args, identity: olga } },
      { items: [] },
    ]);
  });

  it("fail with the caller's mistake", () => {
    const refused = { error: { type: 'Conflict', message: 'Alert x is not open' } };
    expect(() => step('ask-lambda', {}, refused)).toThrow('Alert x is not open');
  });
});
