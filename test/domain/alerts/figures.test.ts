import { expect, it } from 'vitest';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { alertFigures } from '../../../domain/alerts/figures.ts';
import { HOUR, MINUTE, minute, noon } from './fixtures.ts';

const alert = (patch: Partial<Alert>): Alert => ({
  alertId: 'id',
  condition: 'condition',
  rule: 'a-rule',
  subject: { kind: 'network', name: 'all' },
  severity: 'major',
  phase: 'cleared',
  summary: '',
  detail: {},
  since: noon,
  holds: false,
  raises: 1,
  raisedAt: noon,
  starts: [],
  openForMs: 0,
  seen: [],
  version: 1,
  rev: 1,
  outbox: [],
  ...patch,
});

it('tells rate, repair and acknowledgement times of a period, without alerts nobody was told of', () => {
  const alerts = [
    alert({ openForMs: 10 * MINUTE, cleared: { at: minute(10), by: 'wattstream' } }),
    alert({
      openForMs: 20 * MINUTE,
      cleared: { at: minute(20), by: 'dana' },
      acknowledged: { at: minute(4), by: 'dana' },
    }),
    alert({ rule: 'b-rule', severity: 'critical', phase: 'open' }),
    alert({ phase: 'pending', raises: 0 }),
    alert({ since: noon - HOUR, openForMs: 5 * HOUR, cleared: { at: noon - 1, by: 'wattstream' } }),
  ];
  expect(alertFigures(alerts, { fromMs: noon, toMs: noon + 24 * HOUR, stations: 3 })).toEqual({
    raised: 3,
    open: 1,
    bySeverity: { info: 0, warning: 0, major: 2, critical: 1 },
    byRule: { 'a-rule': 2, 'b-rule': 1 },
    meanTimeToRepairSec: 900,
    meanTimeToAcknowledgeSec: 240,
    perStationDay: 1,
  });
});

it('has no means where nothing ended', () => {
  expect(alertFigures([], { fromMs: noon, toMs: noon + HOUR, stations: 0 })).toEqual({
    raised: 0,
    open: 0,
    bySeverity: { info: 0, warning: 0, major: 0, critical: 0 },
    byRule: {},
  });
});
