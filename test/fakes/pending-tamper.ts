import type { PendingAlert } from '../../domain/alerts/alert.ts';

export const tamperedAt = Date.parse('2026-11-20T12:00:00.000Z');

/** An alert that is about to be raised. */
export const pendingTamper: PendingAlert = {
  alertId: 'tamper|station:CS-1|2026-11-20T12:00:00.000Z',
  condition: 'tamper|station:CS-1',
  rule: 'tamper',
  subject: { kind: 'station', stationId: 'CS-1', siteId: 'site-1', zoneId: 'zone-1', region: 'north' },
  severity: 'critical',
  phase: 'pending',
  summary: 'Door open',
  detail: {},
  since: tamperedAt,
  raises: 0,
  starts: [],
  openForMs: 0,
  seen: [],
  version: 1,
  rev: 0,
  outbox: [],
};
