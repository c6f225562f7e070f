import { expect, it } from 'vitest';
import type { AlertRecord, ClearedAlert } from '../../../domain/alerts/alert.ts';
import { alertFigures } from '../../../domain/alerts/alert-figures.ts';
import { acknowledged, cleared, raised } from '../../../domain/alerts/alert-transitions.ts';
import { defaultThresholds } from '../../../domain/alerts/thresholds.ts';
import { HOUR, MINUTE, minute, noon } from './fixtures.ts';

const alert = (patch: Partial<AlertRecord>): AlertRecord => ({
  alertId: 'id',
  condition: 'condition',
  rule: 'a-rule',
  subject: { kind: 'network', name: 'all' },
  severity: 'major',
  summary: '',
  detail: {},
  since: noon,
  raises: 1,
  starts: [],
  openForMs: 0,
  seen: [],
  version: 1,
  rev: 1,
  outbox: [],
  ...patch,
});

const ended = (at: number, openForMs: number, patch: Partial<AlertRecord> = {}, by = 'wattstream'): ClearedAlert => ({
  ...alert({ openForMs, ...patch }),
  phase: 'cleared',
  holds: false,
  raisedAt: noon,
  cleared: { at, by },
});

it('tells rate, repair and acknowledgement times of a period, without alerts nobody was told of', () => {
  const alerts = [
    ended(minute(10), 10 * MINUTE),
    ended(minute(20), 20 * MINUTE, { acknowledgedAfterMs: 4 * MINUTE }, 'dana'),
    { ...alert({ rule: 'b-rule', severity: 'critical' }), phase: 'open', holds: true, raisedAt: noon } as const,
    { ...alert({ raises: 0 }), phase: 'pending' } as const,
    ended(noon - 1, 5 * HOUR, { since: noon - HOUR }),
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
  const once = raised({ ...alert({ raises: 0 }), phase: 'pending' }, noon, found, true, defaultThresholds);
  const over = cleared(acknowledged(once, { at: minute(3), by: 'dana' }), minute(10));
  const again = cleared(raised(over, minute(15), found, true, defaultThresholds), minute(35));
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
  const long = ended(noon + HOUR, 2 * HOUR, { since: noon - HOUR });
  const figures = (fromMs: number, toMs: number) => {
    const { raised: count, open, meanTimeToRepairSec } = alertFigures([long], { fromMs, toMs, stations: 1 });
    return [count, open, meanTimeToRepairSec];
  };
  expect(figures(noon - 24 * HOUR, noon)).toEqual([1, 0, undefined]);
  expect(figures(noon, noon + 24 * HOUR)).toEqual([0, 0, 7_200]);
});
