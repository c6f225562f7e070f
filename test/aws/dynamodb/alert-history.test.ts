import { describe, expect, inject, it } from 'vitest';
import { alertHistory } from '../../../aws/dynamodb/alert-history.ts';
import { alertTable } from '../../../aws/dynamodb/alert-table.ts';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { alertIdOf } from '../../../domain/alerts/alert-id.ts';
import { system } from '../../../runtime/system.ts';
import type { AlertHistory, AlertSelection } from '../../../use-cases/ports/alert-table.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const HOUR = 3_600_000;
const midnight = Date.parse('2026-11-20T00:00:00.000Z');
const alertOf = (rule: string, sinceHour: number, clearedHour?: number): Alert => {
  const condition = `${rule}|station:CS-1`;
  const since = midnight + sinceHour * HOUR;
  const open = clearedHour === undefined;
  return {
    alertId: alertIdOf(condition, since),
    condition,
    rule,
    subject: { kind: 'station', stationId: 'CS-1', siteId: 'site-1', zoneId: 'zone-1', region: 'north' },
    severity: 'major',
    summary: '',
    detail: {},
    since,
    raisedAt: since,
    raises: 1,
    starts: [since],
    ...(open
      ? { phase: 'open', holds: true }
      : { phase: 'cleared', holds: false, cleared: { at: midnight + clearedHour * HOUR, by: 'wattstream' } }),
    openForMs: 0,
    seen: [],
    version: 1,
    rev: 1,
    outbox: [],
  };
};

it('finds what began or ended in a period, however long before it was raised', async () => {
  const endpoint = inject('dynamodbEndpoint');
  const [raw, client] = [localClient(endpoint), localDocuments(endpoint)];
  const tables = { alerts: await createTable(raw, 'alerts'), stations: await createTable(raw, 'stations') };
  const { revise } = alertTable(tables.alerts, system, client);
  const alerts = [
    alertOf('over-before', -30, -20),
    alertOf('ended-within', -30, 2),
    alertOf('within', 3, 4),
    alertOf('ends-after', 23, 30),
    alertOf('still-open', 5),
    alertOf('later', 25, 26),
  ];
  for (const alert of alerts) await revise({ condition: alert.condition, known: undefined, revise: () => alert });
  const found = await alertHistory(tables, client).ofSite('site-1', midnight, midnight + 24 * HOUR);
  expect(found.map(({ rule }) => rule).sort()).toEqual(['ended-within', 'ends-after', 'still-open', 'within']);
});

describe('lists of alerts', () => {
  const open = (rule: string, sinceHour: number, more: Partial<Pick<Alert, 'severity' | 'subject'>> = {}): Alert => ({
    ...alertOf(rule, sinceHour),
    ...more,
  });
  const other = {
    kind: 'station',
    stationId: 'CS-2',
    siteId: 'site-2',
    zoneId: 'zone-1',
    region: 'north',
    model: 'Fifty',
    firmware: '1.0',
  } as const;
  const table = async (alerts: readonly Alert[]) => {
    const endpoint = inject('dynamodbEndpoint');
    const [raw, client] = [localClient(endpoint), localDocuments(endpoint)];
    const tables = { alerts: await createTable(raw, 'alerts'), stations: await createTable(raw, 'stations') };
    const { revise } = alertTable(tables.alerts, system, client);
    for (const alert of alerts) await revise({ condition: alert.condition, known: undefined, revise: () => alert });
    return alertHistory(tables, client);
  };
  const always = { fromMs: 0, toMs: 8_640_000_000_000_000 };
  const rulesOf = async (history: AlertHistory, selection: AlertSelection, limit = 100) => {
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await history.list(selection, { limit, ...(nextToken === undefined ? {} : { nextToken }) });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map(({ rule }) => rule));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  };

  it('give the open ones of the network, the worst first and then the last raised, in pages of any size', async () => {
    const history = await table([
      open('a', 1),
      open('b', 2, { severity: 'critical' }),
      open('c', 3, { subject: other }),
      open('d', 4, { severity: 'info' }),
      alertOf('over', 1, 2),
    ]);
    const network = { of: 'network', ...always } as const;
    expect(await rulesOf(history, network)).toEqual(['b', 'c', 'a', 'd']);
    expect(await rulesOf(history, network, 1)).toEqual(['b', 'c', 'a', 'd']);
    expect(await rulesOf(history, { ...network, severity: 'major' })).toEqual(['c', 'a']);
    expect(await rulesOf(history, { ...network, rule: 'd' }, 1)).toEqual(['d']);
    expect(await rulesOf(history, { ...network, model: 'Fifty', firmware: '1.0' })).toEqual(['c']);
    expect(await rulesOf(history, { ...network, model: 'Fifty', firmware: '2.0' })).toEqual([]);
  });

  it('give those of a site or station, open and over, the last raised first', async () => {
    const history = await table([open('a', 1), alertOf('b', 2, 3), open('c', 3, { subject: other })]);
    expect(await rulesOf(history, { of: 'site', siteId: 'site-1', ...always }, 1)).toEqual(['b', 'a']);
    expect(await rulesOf(history, { of: 'site', siteId: 'site-1', status: 'open', ...always })).toEqual(['a']);
    expect(await rulesOf(history, { of: 'station', stationId: 'CS-2', ...always })).toEqual(['c']);
    const early = { fromMs: midnight, toMs: midnight + HOUR };
    expect(await rulesOf(history, { of: 'site', siteId: 'site-1', ...early })).toEqual(['a']);
  });

  it.each([
    ['that is none', 'nonsense'],
    ['of another list', { partition: 'elsewhere' }],
    ['without a key', { partition: 'major', condition: 5 }],
    ['of another range', { partition: 'major', condition: 'a', occasion: 'b', raisedAt: -1 }],
    ['longer than a key', { partition: 'major', condition: 'a'.repeat(2_049), occasion: 'b', raisedAt: 1 }],
  ])('refuse a page token %s', async (_name, token) => {
    const history = await table([]);
    const nextToken = typeof token === 'string' ? token : Buffer.from(JSON.stringify(token)).toString('base64url');
    await expect(history.list({ of: 'network', ...always }, { limit: 1, nextToken })).rejects.toThrow(
      'Invalid page token',
    );
  });
});
