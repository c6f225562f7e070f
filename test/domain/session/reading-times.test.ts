import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isReadAt,
  NO_TIMES,
  type ReadingTimes,
  readingsBeside,
  shiftedTimes,
  withLateTime,
  withNewestTime,
} from '../../../domain/session/reading-times.ts';

const newest = (secs: readonly number[]): ReadingTimes => secs.reduce(withNewestTime, NO_TIMES);
const every = (stepSec: number, count: number, jitter: (index: number) => number = () => 0) =>
  Array.from({ length: count }, (_, index) => Math.round(((index + 1) * stepSec + jitter(index)) * 1000) / 1000);

describe('the times of readings', () => {
  it('in even steps are one run, however many they are', () => {
    expect(newest(every(5, 10_000))).toEqual({ runs: [[5, 5, 10_000]] });
  });

  it('whose steps vary by less than half a second are few runs, and tell by how much', () => {
    const { runs, jitterSec, fromSec } = newest(every(60, 500, (index) => ((index * 7) % 5) / 20));
    expect([runs.length, fromSec]).toEqual([1, undefined]);
    expect(jitterSec).toBeCloseTo(0.2, 1);
  });

  it('in no order at all are bounded: the oldest are forgotten', () => {
    const secs = every(60, 500, (index) => (index * 7919) % 50);
    const { runs, fromSec = 0 } = newest(secs);
    expect(runs.length).toBeLessThanOrEqual(24);
    expect(fromSec).toBeGreaterThan(0);
  });

  it('that came late, in any order, are the runs they would have been in order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(every(30, 60), { minLength: 60 }), fc.nat(59), (order, first) => {
        const inTime = every(30, 60).slice(0, first + 1);
        const late = order.filter((sec) => !inTime.includes(sec));
        expect([...late, ...order].reduce(withLateTime, newest(inTime))).toEqual({ runs: [[30, 30, 60]] });
      }),
      { numRuns: 100 },
    );
  });

  const times = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 30 });

  it('stand beside any instant as they are, exactly where their steps are even', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 101_000 }), (told, instant) => {
        const known = told.reduce(withLateTime, NO_TIMES);
        const before = told.filter((sec) => sec < instant);
        const after = told.filter((sec) => sec > instant);
        expect(readingsBeside(known, instant)).toEqual({
          beforeSec: Math.max(...before),
          afterSec: Math.min(...after),
        });
        for (const sec of told) expect(isReadAt(known, sec)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('stand no further from an instant than they were, where their steps vary', () => {
    const jitters = fc.array(fc.integer({ min: -200, max: 200 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(jitters, fc.integer({ min: 11_000, max: 390_000 }), (jitter, instantMs) => {
        const secs = every(10, 40, (index) => (jitter[index] ?? 0) / 1000);
        const instant = instantMs / 1000;
        const { beforeSec, afterSec } = readingsBeside(newest(secs), instant);
        expect([beforeSec < instant, afterSec > instant]).toEqual([true, true]);
        const isClear = secs.every((sec) => Math.abs(sec - instant) > 1);
        if (!isClear) return;
        expect(beforeSec).toBeGreaterThanOrEqual(Math.max(...secs.filter((sec) => sec < instant)));
        expect(afterSec).toBeLessThanOrEqual(Math.min(...secs.filter((sec) => sec > instant)));
      }),
      { numRuns: 300 },
    );
  });

  it('are taken to stand close to an instant of which they are forgotten', () => {
    const known = { runs: [[1000, 10, 5]], fromSec: 900 } as const;
    expect(readingsBeside(known, 500)).toEqual({ beforeSec: 499, afterSec: 501 });
    expect(withLateTime(known, 500)).toBe(known);
  });

  it('move with the start of their session', () => {
    expect(shiftedTimes({ runs: [[60, 30, 9]], fromSec: 45, jitterSec: 0.1 }, 20)).toEqual({
      runs: [[80, 30, 9]],
      fromSec: 65,
      jitterSec: 0.1,
    });
  });
});
