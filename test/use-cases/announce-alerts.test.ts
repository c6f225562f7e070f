import { expect, it } from 'vitest';
import type { Alert } from '../../domain/alerts/alert.ts';
import { announceAlerts } from '../../use-cases/announce-alerts/announce-alerts.ts';

const alert: Alert = {
  alertId: 'tamper|station:CS-1|2026-11-20T12:00:00.000Z',
  condition: 'tamper|station:CS-1',
  rule: 'tamper',
  subject: { kind: 'station', stationId: 'CS-1', siteId: 'site-1', zoneId: 'zone-1', region: 'north' },
  severity: 'critical',
  phase: 'open',
  summary: 'Door open',
  detail: {},
  since: 0,
  holds: false,
  raises: 1,
  raisedAt: 0,
  starts: [],
  openForMs: 0,
  seen: [],
  version: 1,
  rev: 1,
  outbox: [{ type: 'AlertRaised', id: 'raised/1', at: 0, reopened: false }],
};

it('writes the timeline before it notifies people, and does nothing for an empty outbox', async () => {
  const done: string[] = [];
  const announce = announceAlerts({
    timeline: { put: async (entries) => void done.push(...entries.map(({ id }) => `timeline ${id}`)) },
    topic: { publish: async ({ id }) => void done.push(`topic ${id}`) },
  });
  await announce([alert]);
  await announce([{ ...alert, outbox: [] }]);
  expect(done).toEqual(['timeline raised/1', 'topic raised/1']);
});
