import { describe, expect, it } from 'vitest';
import { intervalHitPercent, reboundRatio } from '../../../../domain/demand-response/event-metrics.ts';
import {
  durationMs,
  equalParts,
  MOST_TIMED,
  randomizedStart,
  timedIntervals,
} from '../../../../domain/demand-response/openadr/openadr-interval.ts';
import {
  importLimitW,
  meaningOf,
  payloadReaders,
  reductionToW,
} from '../../../../domain/demand-response/openadr/openadr-payload.ts';
import { meterBeforeW, settlementBaseline } from '../../../../domain/demand-response/settlement-baseline.ts';

const now = Date.UTC(2026, 10, 21, 12);
const iso = (offsetMs: number): string => new Date(now + offsetMs).toISOString();
describe('OpenADR payloads', () => {
  const program = {
    simpleW: { 1: 100_000, 2: 200_000, 3: 400_000 },
    levelOffsetsW: { 2: 50_000 },
    alertW: { emergency: 500_000, flex: 80_000 },
    priceTiers: [
      { from: 0, tier: 'OFF_PEAK' },
      { from: 0.3, tier: 'ON_PEAK' },
    ],
  };

  it.each([
    ['SIMPLE', [0], undefined, { kind: 'restore' }],
    ['SIMPLE', [1], undefined, { kind: 'reduce', type: 'CURTAIL', priority: 3, reductionW: 100_000 }],
    ['SIMPLE', [2], undefined, { kind: 'reduce', type: 'CURTAIL', priority: 2, reductionW: 200_000 }],
    ['SIMPLE', [3], undefined, { kind: 'reduce', type: 'SHED', priority: 1, reductionW: 400_000 }],
    ['SIMPLE', [4], undefined, { kind: 'refused', why: 'SIMPLE has no level 4' }],
    ['DISPATCH_SETPOINT', [120], 'KW', { kind: 'reduce-to', priority: 3, loadW: 120_000 }],
    ['DISPATCH_SETPOINT', [120], undefined, { kind: 'refused', why: expect.stringContaining('no unit') }],
    ['DISPATCH_SETPOINT_RELATIVE', [30], 'kW', { kind: 'reduce', type: 'CURTAIL', priority: 3, reductionW: 30_000 }],
    ['IMPORT_CAPACITY_LIMIT', [90], 'KW', { kind: 'import', part: 'limit', powerW: 90_000 }],
    ['IMPORT_CAPACITY_LIMIT', [90], 'KVA', { kind: 'refused', why: expect.stringContaining('KVA') }],
    ['PRICE', [0.1, 0.35], undefined, { kind: 'tiers', tiers: ['OFF_PEAK', 'ON_PEAK'] }],
    ['PRICE', [-0.1], undefined, { kind: 'refused', why: expect.stringContaining('lowest tier') }],
    ['GHG', [400], undefined, { kind: 'refused', why: expect.stringContaining('no tiers') }],
    ['ALERT_GRID_EMERGENCY', ['now'], undefined, { kind: 'reduce', type: 'SHED', priority: 1, reductionW: 500_000 }],
    ['ALERT_FLEX_ALERT', ['soon'], undefined, { kind: 'reduce', type: 'CURTAIL', priority: 3, reductionW: 80_000 }],
    ['ALERT_BLACK_START', [''], undefined, { kind: 'hold' }],
    ['CONTROL_LEVEL_OFFSET', [2], undefined, { kind: 'reduce', type: 'CURTAIL', priority: 3, reductionW: 50_000 }],
    ['CONTROL_LEVEL_OFFSET_PERCENT', [25], undefined, { kind: 'reduce-share', priority: 3, percent: 25 }],
    ['CURVE', [1], undefined, { kind: 'refused', why: 'CURVE is not acted on' }],
    ['__proto__', [1], undefined, { kind: 'refused', why: '__proto__ is not acted on' }],
    ['toString', [1], undefined, { kind: 'refused', why: 'toString is not acted on' }],
    ['CONTROL_LEVEL_OFFSET', ['toString'], undefined, { kind: 'refused', why: expect.stringContaining('toString') }],
  ])('mean one thing each: %s %j %s', (type, values, units, meaning) => {
    expect(meaningOf({ type, values, ...(units === undefined ? {} : { units }) }, program, undefined)).toEqual(meaning);
  });

  it('take their urgency from the event only where their type has none', () => {
    const urgency = (type: string, priority?: number) =>
      meaningOf({ type, values: [2], units: 'KW' }, program, priority);
    expect(urgency('DISPATCH_SETPOINT', 0)).toMatchObject({ priority: 1 });
    expect(urgency('DISPATCH_SETPOINT', 1)).toMatchObject({ priority: 2 });
    expect(urgency('SIMPLE', 0)).toMatchObject({ priority: 2 });
  });

  it('are refused, not misread, without a table of the program', () => {
    for (const type of Object.keys(payloadReaders)) {
      const meaning = meaningOf({ type, values: ['junk'] }, {}, undefined);
      expect(type === 'ALERT_BLACK_START' ? meaning.kind : 'refused').toBe(meaning.kind);
    }
  });

  it('relative to now may be a change of load where the program says so', () => {
    const change = { ...program, relative: 'change' as const };
    const payload = { type: 'DISPATCH_SETPOINT_RELATIVE', units: 'KW' };
    expect(meaningOf({ ...payload, values: [-30] }, change, undefined)).toMatchObject({
      kind: 'reduce',
      reductionW: 30_000,
    });
    expect(meaningOf({ ...payload, values: [30] }, change, undefined)).toEqual({ kind: 'load-up', increaseW: 30_000 });
  });

  it('with a load to come down to reduce by what the baseline is above it', () => {
    expect([reductionToW(200_000, 120_000), reductionToW(100_000, 120_000)]).toEqual([80_000, 0]);
  });

  it('of an exhausted schedule leave what is subscribed and reserved', () => {
    expect(importLimitW({ limitW: 50, subscriptionW: 80 })).toBe(50);
    expect(importLimitW({ subscriptionW: 80, reservationW: 20 })).toBe(100);
    expect(importLimitW({ reservationW: 20 })).toBeUndefined();
  });
});

describe('OpenADR intervals', () => {
  const intervals = [{ id: 0 }, { id: 1, intervalPeriod: { duration: 'PT30M' } }];
  const event = { intervalPeriod: { start: iso(0), duration: 'PT1H' }, intervals };
  const minutes = (found: ReturnType<typeof timedIntervals>) =>
    found.map(({ id, startAt, endAt }) => [id, (startAt - now) / 60_000, (endAt - now) / 60_000]);

  it('follow each other, each as long as its own period says, else the event’s', () => {
    expect(minutes(timedIntervals(event, now))).toEqual([
      [0, 0, 60],
      [1, 60, 90],
    ]);
  });

  it('are repeated or cut off by the duration of the event', () => {
    expect(minutes(timedIntervals({ ...event, duration: 'PT2H' }, now))).toEqual([
      [0, 0, 60],
      [1, 60, 90],
      [0, 90, 120],
    ]);
    expect(minutes(timedIntervals({ ...event, duration: 'PT70M' }, now))).toEqual([
      [0, 0, 60],
      [1, 60, 70],
    ]);
  });

  const from = (minutes: number, duration: string) => ({ start: iso(minutes * 60_000), duration });

  it('are told in the order of their starts, whatever order they are written in', () => {
    const unsorted = [
      { id: 1, intervalPeriod: from(240, 'PT1H') },
      { id: 0, intervalPeriod: from(120, 'PT1H') },
    ];
    expect(minutes(timedIntervals({ intervals: unsorted }, now))).toEqual([
      [0, 120, 180],
      [1, 240, 300],
    ]);
  });

  it('last as long as they say where they overlap', () => {
    const overlapping = [
      { id: 0, intervalPeriod: from(120, 'PT4H') },
      { id: 1, intervalPeriod: from(120, 'PT1H') },
    ];
    expect(minutes(timedIntervals({ intervals: overlapping }, now))).toEqual([
      [0, 120, 360],
      [1, 120, 180],
    ]);
  });

  it('are repeated or cut off from the earliest start on, where that is an interval’s own', () => {
    const own = (duration: string) => ({ duration, intervals: [{ id: 0, intervalPeriod: from(120, 'PT1H') }] });
    expect(minutes(timedIntervals(own('PT30M'), now))).toEqual([[0, 120, 150]]);
    expect(minutes(timedIntervals(own('PT1H'), now))).toEqual([[0, 120, 180]]);
    expect(minutes(timedIntervals(own('PT90M'), now))).toEqual([
      [0, 120, 180],
      [0, 180, 210],
    ]);
  });

  it('may begin before the event says', () => {
    const early = {
      intervalPeriod: from(120, 'PT1H'),
      intervals: [{ id: 0, intervalPeriod: { start: iso(-3_600_000) } }],
    };
    expect(minutes(timedIntervals(early, now))).toEqual([[0, -60, 0]]);
  });

  it('are left out where their repeat was over before, and keep their index', () => {
    const hourly = { ...event, intervalPeriod: from(-1_000 * 90, 'PT1H'), duration: 'P9999Y' };
    const found = timedIntervals(hourly, now, 1, now - 1);
    expect(found).toEqual([
      { id: 0, index: 1_998, startAt: now - 90 * 60_000, endAt: now - 30 * 60_000 },
      { id: 1, index: 1_999, startAt: now - 30 * 60_000, endAt: now },
      { id: 0, index: 2_000, startAt: now, endAt: now + 60 * 60_000 },
    ]);
    expect(timedIntervals(hourly, now, 1).slice(-3)).toEqual(found);
  });

  it('are bounded, however short they are and however long ago they began', () => {
    const everySecond = { intervalPeriod: from(-10, 'PT1S'), duration: 'P9999Y', intervals: [{ id: 0 }] };
    expect(timedIntervals(everySecond, now).length).toBe(MOST_TIMED);
    const since2024 = { ...everySecond, intervalPeriod: { start: '2024-01-01T00:00:00Z', duration: 'PT1S' } };
    const [first] = timedIntervals(since2024, now, 2 * 86_400_000, now);
    expect(first).toEqual({ id: 0, index: (now - Date.UTC(2024, 0)) / 1_000, startAt: now, endAt: now + 1_000 });
  });

  it('start now where their start is the first instant there is, and may never end', () => {
    const endless = { intervalPeriod: { start: '0001-01-01T00:00:00Z', duration: 'P9999Y' }, intervals: [{ id: 0 }] };
    expect(timedIntervals(endless, now)).toEqual([{ id: 0, index: 0, startAt: now, endAt: Number.POSITIVE_INFINITY }]);
  });

  it('follow one another from the start of their event on, or from now, where that is their own start', () => {
    const follows = { start: '0001-01-01', duration: 'PT1H' };
    const intervals = [0, 1].map((id) => ({ id, intervalPeriod: follows }));
    expect(minutes(timedIntervals({ intervals }, now))).toEqual([
      [0, 0, 60],
      [1, 60, 120],
    ]);
    const earlier = { intervalPeriod: { start: '0000-00-00T00:00:00', duration: 'PT30M' }, intervals };
    expect(timedIntervals(earlier, now)).toEqual(timedIntervals({ intervals }, now));
    expect(minutes(timedIntervals({ intervalPeriod: from(120, 'PT4H'), intervals }, now))).toEqual([
      [0, 120, 180],
      [1, 180, 240],
    ]);
    const afterOwn = [{ id: 0, intervalPeriod: from(240, 'PT2H') }, ...intervals.slice(1)];
    expect(minutes(timedIntervals({ intervals: afterOwn }, now))).toEqual([
      [0, 240, 360],
      [1, 360, 420],
    ]);
  });

  it('last until further notice, or as long as their event says, where their duration is that of the schema, PT0S', () => {
    const whole = { intervalPeriod: from(60, 'PT0S'), duration: 'PT0S', intervals: [{ id: 0 }] };
    const endless = { id: 0, index: 0, startAt: now + 60 * 60_000, endAt: Number.POSITIVE_INFINITY };
    expect(timedIntervals(whole, now)).toEqual([endless]);
    const intervals = [0, 1].map((id) => ({ id, intervalPeriod: { start: '0001-01-01', duration: 'PT0S' } }));
    expect(minutes(timedIntervals({ intervalPeriod: from(60, 'PT1H'), intervals }, now))).toEqual([
      [0, 60, 120],
      [1, 120, 180],
    ]);
  });

  it('are refused where a start or a duration is none', () => {
    const noStart = { intervalPeriod: { start: 'noon' }, intervals: [{ id: 0, intervalPeriod: from(0, 'PT1H') }] };
    expect(() => timedIntervals(noStart, now)).toThrow(RangeError);
    expect(() => timedIntervals({ ...event, intervalPeriod: { duration: 'an hour' } }, now)).toThrow(RangeError);
    expect([durationMs('PT15M'), durationMs('P1DT1S'), durationMs('P'), durationMs('15')]).toEqual([
      900_000,
      86_401_000,
      undefined,
      undefined,
    ]);
  });

  it('are split equally by several values, and moved by chance either way', () => {
    expect(equalParts({ id: 0, startAt: 0, endAt: 60 }, 3)).toEqual([
      { id: 0, startAt: 0, endAt: 20 },
      { id: 0, startAt: 20, endAt: 40 },
      { id: 0, startAt: 40, endAt: 60 },
    ]);
    expect([0, 0.5, 1].map((chance) => randomizedStart(1_000_000, 'PT5M', chance) - 1_000_000)).toEqual([
      -300_000, 0, 300_000,
    ]);
  });
});

describe('baselines and figures of an event', () => {
  it('is nothing where nothing was read, and the mean of the minutes before otherwise', () => {
    expect([meterBeforeW([]), meterBeforeW([10, 30])]).toEqual([undefined, 20]);
  });

  it('is scaled within the clamp only', () => {
    const days = { eligibleDaysW: [100], adjustmentWindowMeanW: 50, clamp: [0.8, 1.2] as const };
    expect(settlementBaseline({ ...days, eventDayAdjustmentW: 500 }).baselineW).toBe(120);
    expect(settlementBaseline({ ...days, eventDayAdjustmentW: 0 }).baselineW).toBe(80);
  });

  it('counts the intervals that delivered nine tenths', () => {
    const samples = [0, 10, 20, 30].map((atSec) => ({ atSec, powerW: atSec === 20 ? 100 : 60 }));
    const event = { baselineW: 100, targetW: 40, eventSec: 40, steadyFromSec: 0, holdSamples: 1, samples };
    expect(intervalHitPercent(event, 10)).toBe(75);
  });

  it('compares a quarter of an hour after the restore with the baseline', () => {
    const samples = [
      { atSec: 0, powerW: 50 },
      { atSec: 100, powerW: 120 },
    ];
    expect(reboundRatio(samples, 100, 100)).toBe(1.2);
    expect(reboundRatio([], 100, 100)).toBeUndefined();
  });
});
