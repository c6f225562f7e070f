import { describe, expect, inject, it } from 'vitest';
import { alertTable } from '../../../aws/dynamodb/alert-table.ts';
import type { Alert, OpenAlert, PendingAlert } from '../../../domain/alerts/alert.ts';
import { alertIdOf } from '../../../domain/alerts/alert-id.ts';
import { cleared, clearedByHand, escalated, raised } from '../../../domain/alerts/alert-transitions.ts';
import { defaultThresholds } from '../../../domain/alerts/thresholds.ts';
import { system } from '../../../runtime/system.ts';
import type { AlertTable } from '../../../use-cases/ports/alert-table.ts';
import { memoryAlertTable } from '../../fakes/alert-table.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const noon = Date.parse('2026-11-20T12:00:00.000Z');
const condition = 'tamper|station:CS-1';
const alertSince = (since: number, patch: Partial<PendingAlert> = {}): PendingAlert => ({
  alertId: alertIdOf(condition, since),
  condition,
  rule: 'tamper',
  subject: { kind: 'station', stationId: 'CS-1', siteId: 'site-1', zoneId: 'zone-1', region: 'north' },
  severity: 'critical',
  phase: 'pending',
  summary: 'Door open',
  detail: { value: 'true' },
  since,
  raises: 0,
  starts: [],
  openForMs: 0,
  seen: [{ id: 'event-1', at: since, over: true }],
  sources: [{ source: 'Door', at: since, receivedAt: since, holdUntil: since + 1_000 }],
  version: 1,
  rev: 1,
  outbox: [],
  ...patch,
});
const opened = (since: number): OpenAlert =>
  raised(alertSince(since), since, alertSince(since), true, defaultThresholds);

const inDynamodb = async (): Promise<AlertTable> => {
  const endpoint = inject('dynamodbEndpoint');
  return alertTable(await createTable(localClient(endpoint), 'alerts'), system, localDocuments(endpoint));
};
const tables: [string, () => Promise<AlertTable>][] = [
  ['the fake', async () => memoryAlertTable()],
  ['DynamoDB', inDynamodb],
];
const first = () => opened(noon);

describe.each(tables)('alerts: %s', (_name, make) => {
  it('gives a step the latest alert of its condition, and keeps the others as history', async () => {
    const table = await make();
    const ended = cleared(opened(noon), noon + 1_000);
    const later = opened(noon + 60_000);
    await table.revise({ condition, known: undefined, revise: first });
    await table.revise({ condition, known: undefined, revise: () => ended });
    await table.revise({ condition, known: undefined, revise: () => later });
    const given: (Alert | undefined)[] = [];
    await table.revise({
      condition,
      known: undefined,
      revise: (latest) => {
        given.push(latest);
        return latest;
      },
    });
    expect([given, await table.find(ended.alertId), await table.find(later.alertId)]).toEqual([[later], ended, later]);
  });

  it('stores nothing when a step changes nothing, and says so', async () => {
    const table = await make();
    const outcomes = [
      await table.revise({ condition, known: undefined, revise: () => undefined }),
      await table.revise({ condition, known: undefined, revise: first }),
      await table.revise({ condition, known: undefined, revise: (latest) => latest }),
    ];
    expect(outcomes).toEqual([false, true, false]);
  });

  it('repeats a revision on the stored alert when the one the caller read is outdated', async () => {
    const table = await make();
    const known = opened(noon);
    await table.revise({ condition, known: undefined, revise: () => known });
    const newer = { ...known, severity: 'major', rev: known.rev + 1 } as const;
    await table.revise({ condition, known: undefined, revise: () => newer });
    await table.revise({
      condition,
      known,
      revise: (latest) => latest && { ...latest, summary: 'x', rev: latest.rev + 1 },
    });
    expect(await table.find(known.alertId)).toEqual({ ...newer, summary: 'x', rev: newer.rev + 1 });
  });

  it('removes a pending alert whose condition has passed, and can store it again', async () => {
    const table = await make();
    const pending = alertSince(noon, { pendingSince: noon });
    await table.revise({ condition, known: undefined, revise: () => pending });
    await table.revise({ condition, known: pending, revise: () => undefined });
    const gone = await table.find(pending.alertId);
    await table.revise({ condition, known: undefined, revise: () => pending });
    expect([gone, await table.find(pending.alertId)]).toEqual([undefined, pending]);
  });

  it('lists what time may still change: open, pending, and cleared by hand while it holds', async () => {
    const table = await make();
    const on = (name: string, alert: Alert): Alert => ({
      ...alert,
      condition: name,
      alertId: alertIdOf(name, alert.since),
    });
    const watched = [
      on('a|network:x', opened(noon)),
      on('b|network:x', alertSince(noon, { pendingSince: noon })),
      on('c|network:x', clearedByHand(opened(noon), { by: 'dana', at: noon + 1 })),
      on('e|network:x', escalated(opened(noon), noon + 1, 'worsened')),
    ];
    const over = on('d|network:x', cleared(opened(noon), noon + 1));
    for (const alert of [...watched, over])
      await table.revise({ condition: alert.condition, known: undefined, revise: () => alert });
    const found = [...(await table.watched())].sort((a, b) => (a.condition < b.condition ? -1 : 1));
    expect(found).toEqual(watched);
  });

  it('finds nothing under an id that is none', async () => {
    const table = await make();
    expect(await table.find('no such alert')).toBeUndefined();
  });

  it('lets of many workers that see the same condition begin only one alert', async () => {
    const table = await make();
    const workers = Array.from({ length: 6 }, (_, index) =>
      table.revise({ condition, known: undefined, revise: (latest) => latest ?? opened(noon + index * 1_000) }),
    );
    const outcomes = await Promise.all(workers);
    expect([outcomes.filter((began) => began).length, (await table.watched()).length]).toEqual([1, 1]);
  });
});
