import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, LONGEST_SESSION_MS, SECOND_MS } from '../../../domain/kernel/durations.ts';
import type { Curve } from '../../../domain/kernel/ended-session.ts';
import { energyByHour } from '../../../domain/session/energy-by-slot.ts';
import {
  energyAt,
  isTold,
  type MeterCurve,
  withLatePoint,
  withNewestPoint,
} from '../../../domain/session/meter-curve.ts';
import { energyByLocalHour } from '../../../domain/tariff/session-record.ts';
import { noon } from '../../support/station-days.ts';

const STARTED_AT = noon + 7 * 60_000;

/** A session of `hours` metered every `everySec` seconds; `shown` is what the register makes of the energy. */
const metered = (
  everySec: number,
  hours: number,
  powerW: (sec: number) => number,
  shown: (wh: number) => number = Math.floor,
) => {
  let curve: MeterCurve = { curve: [[0, 0]] };
  let wh = 0;
  let most = 0;
  const readings: [number, number][] = [[0, 0]];
  for (let sec = everySec; sec <= hours * 3600; sec += everySec) {
    wh += (powerW(sec) * everySec) / 3600;
    readings.push([sec, shown(wh)]);
    curve = withNewestPoint(curve, STARTED_AT, sec, shown(wh));
    most = Math.max(most, curve.curve.length);
  }
  const errors = readings
    .filter((_, index) => index % Math.ceil(readings.length / 2000) === 0)
    .map(([sec, energyWh]) => Math.abs(energyAt(curve.curve, sec) - energyWh));
  return { ...curve, most, largestError: Math.max(...errors), totalWh: shown(wh) };
};
const fluctuating = (sec: number): number => 11_000 + 500 * Math.sin(sec / 311) + 200 * Math.sin(sec * sec);

describe('the meter curve', () => {
  it('is two points while the power is constant, whatever the sampling', () => {
    expect(
      metered(
        1,
        0.2,
        () => 3600,
        (wh) => Math.round(wh * 1000) / 1000,
      ).curve,
    ).toEqual([
      [0, 0],
      [720, 720],
    ]);
  });

  it('bends where the power changes', () => {
    const { curve } = metered(10, 1, (sec) => (sec <= 1500 ? 40_000 : 0), Math.round);
    expect(energyAt(curve, 1500)).toBeCloseTo(16_667, 0);
    expect(energyAt(curve, 3000)).toBe(16_667);
  });

  it('is off by 1 Wh at most for the first 10 kWh, and by 0.01 % afterwards', () => {
    const short = metered(1, 0.9, fluctuating);
    expect(short.totalWh).toBeLessThan(10_000);
    expect(short.largestError).toBeLessThanOrEqual(1.01);
    const long = metered(30, 8, fluctuating);
    expect(long.largestError).toBeLessThanOrEqual(long.totalWh * 0.0001 + 0.01);
  });

  it('has at most 240 points after 20 hours of samples every second, and is off by little all the same', () => {
    for (const stepWh of [1, 10]) {
      const { most, largestError, totalWh } = metered(1, 20, fluctuating, (wh) => Math.floor(wh / stepWh) * stepWh);
      expect(most).toBeLessThanOrEqual(240);
      expect(largestError).toBeLessThanOrEqual(totalWh * 0.00015);
    }
    const coarse = metered(1, 20, fluctuating, (wh) => Math.floor(wh / 100) * 100);
    expect(coarse.most).toBeLessThanOrEqual(240);
    expect(coarse.largestError).toBeLessThanOrEqual(150);
    expect(coarse.toleranceWh).toBeGreaterThan(1);
  });

  it('stays as it is at a late reading that it tells or that contradicts it, and bends at any other', () => {
    const known: MeterCurve = {
      curve: [
        [0, 0],
        [600, 1000],
      ],
    };
    const told = withLatePoint(known, 300, 500.4);
    expect(told.curve).toBe(known.curve);
    expect(withLatePoint(told, 300, 500.4)).toBe(told);
    expect(withLatePoint(known, 300, 1200)).toBe(known);
    expect(withLatePoint(known, 300, 900).curve).toEqual([
      [0, 0],
      [300, 900],
      [600, 1000],
    ]);
  });
});

describe('a late reading that bends the curve', () => {
  it('bends it between the readings beside it, of which the curve had left some out', () => {
    let known: MeterCurve = { curve: [[0, 0]] };
    for (const sec of [60, 120, 180, 240, 300]) known = withNewestPoint(known, noon, sec, sec * 10);
    expect(known.curve).toEqual([
      [0, 0],
      [300, 3000],
    ]);
    const bent = withLatePoint(known, 150, 1790);
    expect(bent.curve).toEqual([
      [0, 0],
      [120, 1200],
      [150, 1790],
      [180, 1800],
      [300, 3000],
    ]);
  });

  it('leaves a late reading where it was that lay on the line before', () => {
    const known: MeterCurve = {
      curve: [
        [0, 0],
        [600, 1000],
      ],
    };
    const bent = withLatePoint(withLatePoint(known, 300, 500), 450, 990);
    expect(energyAt(bent.curve, 300)).toBe(500);
    expect(energyAt(bent.curve, 375)).toBe(745);
  });
});

/** Readings a minute apart: the power until then, W, and by how many ms each is late. */
const jittered = fc.array(
  fc.record({ powerW: fc.constantFrom(0, 0, 60, 25_000, 50_000), lateMs: fc.integer({ min: 0, max: 400 }) }),
  { minLength: 3, maxLength: 40 },
);

describe('readings at odd milliseconds', () => {
  it('that come after one that was taken later all count, as far as they flowed within a second', () => {
    fc.assert(
      fc.property(jittered, fc.nat(39), (steps, first) => {
        let [lastSec, wh] = [0, 0];
        const readings = steps.map(({ powerW, lateMs }, index) => {
          const sec = (index + 1) * 60 + lateMs / 1000;
          wh += (powerW * (sec - lastSec)) / 3600;
          lastSec = sec;
          return [sec, Math.floor(wh)] as const;
        });
        const [newest, ...others] = readings.toReversed();
        if (newest === undefined) return;
        const told = others.toReversed().toSpliced(first % readings.length, 0, newest);
        const { curve } = told.reduce<MeterCurve>(
          (known, [sec, energyWh]) =>
            sec < (known.curve.at(-1)?.[0] ?? 0)
              ? withLatePoint(known, sec, energyWh)
              : withNewestPoint(known, STARTED_AT, sec, energyWh),
          { curve: [[0, 0]] },
        );
        for (const [sec, energyWh] of readings)
          expect(Math.abs(energyAt(curve, sec) - energyWh)).toBeLessThanOrEqual(50_000 / 3600 + 1.1);
      }),
      { numRuns: 300 },
    );
  });
});

/** Rising registers in time, at least `leastSec` apart, from steady ones to ones that jump. */
const rising = (leastSec: number) =>
  fc.integer({ min: 0, max: 1 }).chain((scale) =>
    fc
      .array(fc.tuple(fc.integer({ min: leastSec, max: 400 }), fc.integer({ min: 0, max: scale === 0 ? 30 : 5000 })), {
        minLength: 3,
        maxLength: 400,
        size: 'max',
      })
      .map((steps) => {
        let sec = 0;
        let wh = 0;
        return steps.map(([bySec, byWh]) => {
          sec += bySec;
          wh += byWh;
          return [sec, wh] as const;
        });
      }),
  );
const readings = rising(1);

describe('readings of one second', () => {
  it('are thinned out to the first and the last, however many they are', () => {
    let known: MeterCurve = { curve: [[0, 0]] };
    for (let count = 1; count <= 240; count++) known = withNewestPoint(known, STARTED_AT, 60, count * 180);
    expect(known.curve).toEqual([
      [0, 0],
      [60, 180],
      [60, 43_200],
    ]);
  });

  it('leave a curve of bounded size that tells the last of each second', () => {
    const inBunches = fc
      .tuple(rising(0), fc.integer({ min: 1, max: 400 }))
      .map(([taken, bunchSec]) => taken.map(([sec, wh]) => [Math.floor(sec / bunchSec) * bunchSec, wh] as const));
    fc.assert(
      fc.property(inBunches, (taken) => {
        let known: MeterCurve = { curve: [[0, 0]] };
        for (const [sec, wh] of taken) known = withNewestPoint(known, STARTED_AT, sec, wh);
        const lasts = taken.filter(([sec], index) => taken[index + 1]?.[0] !== sec);
        expect(lasts.filter(([sec, wh]) => !isTold(known, sec, wh))).toEqual([]);
        expect(known.curve.length).toBeLessThanOrEqual(240);
        expect(known.curve.at(-1)).toEqual(taken.at(-1));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a reading that is repeated late', () => {
  it('is told by the curve already, whether it was kept, left out, or thinned out later', () => {
    fc.assert(
      fc.property(readings, (taken) => {
        let known: MeterCurve = { curve: [[0, 0]] };
        for (const [sec, wh] of taken) known = withNewestPoint(known, STARTED_AT, sec, wh);
        for (const [sec, wh] of taken) {
          expect(isTold(known, sec, wh)).toBe(true);
          expect(withLatePoint(known, sec, wh)).toBe(known);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the energy of a session that claims to have lasted for years', () => {
  it('is told in the hours of its last weeks, the first of them with all that was delivered before', () => {
    const years: Curve = [
      [0, 0],
      [(10 * 365 * DAY_MS) / SECOND_MS, 87_600],
    ];
    for (const hours of [
      energyByHour(years, noon),
      energyByLocalHour({ curve: years, startedAt: noon }, 'Europe/London'),
    ]) {
      expect(hours.length).toBeLessThanOrEqual(LONGEST_SESSION_MS / HOUR_MS + 1);
      expect(hours.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBeCloseTo(87_600, 3);
    }
  });
});
