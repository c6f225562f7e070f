import { expect, inject, it } from 'vitest';
import { alertHistory } from '../../../aws/dynamodb/alert-history.ts';
import { alertTable } from '../../../aws/dynamodb/alert-table.ts';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { alertIdOf } from '../../../domain/alerts/alert-id.ts';
import { system } from '../../../runtime/system.ts';
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
