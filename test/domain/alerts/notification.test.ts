import { expect, it } from 'vitest';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { alertEntries } from '../../../domain/alerts/alert-entries.ts';
import { alertEvents } from '../../../domain/events/alert-events.ts';
import { notificationsOf } from '../../../domain/events/notification.ts';
import { detailFaults } from '../../events/schemas.ts';
import { minute } from './fixtures.ts';

const alert: Alert = {
  alertId: 'ground-fault|connector:CS-1#2#1|2026-11-20T12:00:00.000Z',
  condition: 'ground-fault|connector:CS-1#2#1',
  rule: 'ground-fault',
  subject: {
    kind: 'connector',
    stationId: 'CS-1',
    evseId: 2,
    connectorId: 1,
    siteId: 'site-1',
    zoneId: 'zone-1',
    region: 'north',
  },
  severity: 'critical',
  phase: 'cleared',
  summary: 'Ground fault: residual-current protection tripped',
  detail: { errorCode: 'GroundFailure' },
  since: minute(0),
  holds: false,
  raises: 1,
  raisedAt: minute(0),
  cleared: { at: minute(10), by: 'dana', note: 'prüfte vor Ort' },
  starts: [],
  openForMs: 600_000,
  seen: [],
  version: 1,
  rev: 3,
  outbox: [{ type: 'AlertCleared', id: 'x/cleared/1', at: minute(10), by: 'dana', note: 'prüfte vor Ort' }],
};

it('tells people what happened, to whom, how bad it is and who said what', () => {
  expect(notificationsOf(alert)).toEqual([
    {
      id: 'x/cleared/1',
      subject: 'CRITICAL CS-1 connector 2/1: ground-fault cleared by dana',
      message: [
        'CRITICAL CS-1 connector 2/1: ground-fault cleared by dana',
        'Ground fault: residual-current protection tripped',
        'Note: prüfte vor Ort',
        'Since 2026-11-20T12:00:00.000Z, told 2026-11-20T12:10:00.000Z',
        'Alert ground-fault|connector:CS-1#2#1|2026-11-20T12:00:00.000Z',
      ].join('\n'),
      attributes: {
        event: 'AlertCleared',
        severity: 'critical',
        rule: 'ground-fault',
        siteId: 'site-1',
        region: 'north',
        stationId: 'CS-1',
      },
    },
  ]);
});

it('keeps the subject line within what e-mail and SNS bear', () => {
  const [told] = notificationsOf({ ...alert, subject: { kind: 'network', name: `Säule ${'x'.repeat(200)}` } });
  expect([told?.subject.length, told?.subject.slice(0, 16)]).toEqual([99, 'CRITICAL S?ule x']);
});

it('stands in the timeline of its connector under the id of its event', () => {
  expect(alertEntries(alert)).toEqual([
    {
      subject: 'CS-1#2#1',
      id: 'x/cleared/1',
      at: minute(10),
      kind: 'alert',
      title: 'ground-fault cleared',
      detail: {
        alertId: alert.alertId,
        rule: 'ground-fault',
        severity: 'critical',
        summary: alert.summary,
        by: 'dana',
        note: 'prüfte vor Ort',
      },
    },
  ]);
});

it('has no timeline when it is about a site', () => {
  const subject = { kind: 'site', siteId: 'site-1', zoneId: 'zone-1', region: 'north' } as const;
  expect(alertEntries({ ...alert, subject })).toEqual([]);
});

it.each([
  { type: 'AlertRaised', id: 'x', at: minute(0), reopened: false },
  { type: 'AlertEscalated', id: 'x', at: minute(0), because: 'unacknowledged' },
  { type: 'AlertAcknowledged', id: 'x', at: minute(0), by: 'dana' },
  { type: 'AlertCleared', id: 'x', at: minute(0), by: 'wattstream' },
] as const)('is on the bus as $type, in the form of its schema', (change) => {
  const events = alertEvents({ ...alert, outbox: [change] });
  expect(events.map(({ type, detail }) => [type, detailFaults(type, detail)])).toEqual([[change.type, []]]);
});
