import { expect, it } from 'vitest';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { cleared, raised } from '../../../domain/alerts/alert-steps.ts';
import { alertFigures } from '../../../domain/alerts/figures.ts';
import { acknowledged } from '../../../domain/alerts/operator-steps.ts';
import { defaultThresholds } from '../../../domain/alerts/thresholds.ts';
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
      acknowledgedAfterMs: 4 * MINUTE,
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

it('counts an alert that came back once, with the time it was open in all and its first acknowledgement', () => {
  const found = { summary: '', detail: {} };
  const once = raised(alert({ phase: 'pending', raises: 0, raisedAt: undefined }), noon, found, defaultThresholds);
  const over = cleared(acknowledged(once, { at: minute(3), by: 'dana' }), minute(10));
  const again = cleared(raised(over, minute(15), found, defaultThresholds), minute(35));
  const {
    raised: count,
    meanTimeToRepairSec,
    meanTimeToAcknowledgeSec,
  } = alertFigures([again], {
    fromMs: noon,
    toMs: noon + HOUR,
    stations: 1,
  });
  expect([count, meanTimeToRepairSec, meanTimeToAcknowledgeSec]).toEqual([1, 30 * 60, 3 * 60]);
});

it('counts an alert where it began, and its repair where it ended', () => {
  const long = alert({ since: noon - HOUR, openForMs: 2 * HOUR, cleared: { at: noon + HOUR, by: 'wattstream' } });
  const figures = (fromMs: number, toMs: number) => {
    const { raised: count, open, meanTimeToRepairSec } = alertFigures([long], { fromMs, toMs, stations: 1 });
    return [count, open, meanTimeToRepairSec];
  };
  expect(figures(noon - 24 * HOUR, noon)).toEqual([1, 0, undefined]);
  expect(figures(noon, noon + 24 * HOUR)).toEqual([0, 0, 7_200]);
});
