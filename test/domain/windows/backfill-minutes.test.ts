import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Minute } from '../../../domain/kernel/minute.ts';
import type { ReadingBackfilled } from '../../../domain/kernel/state-change.ts';
import { backfillMinutes } from '../../../domain/windows/backfill-minutes.ts';
import { spreadMinutes } from '../../../domain/windows/spread-minutes.ts';

const MINUTE = 60_000;
const backfilled = (
  at: number,
  energyWh: number,
  before: [number, number],
  after: [number, number],
): ReadingBackfilled => ({
  type: 'ReadingBackfilled',
  id: 'x',
  at,
  receivedAt: 1e9,
  evseId: 1,
  connectorId: 1,
  sessionId: 's',
  energyWh,
  before: { at: before[0], energyWh: before[1] },
  after: { at: after[0], energyWh: after[1] },
});
/** Minutes of a session whose readings are known: what in-order arrival would have written. */
const minutesOf = (readings: readonly (readonly [number, number])[]): Minute[] => {
  const lastAt = readings.at(-1)?.[0] ?? 0;
  return Array.from({ length: Math.floor(lastAt / MINUTE) + 1 }, (_, index) => {
    const startAt = index * MINUTE;
    const inside = readings.filter(([at]) => at >= startAt && at < startAt + MINUTE);
    let energyWh = 0;
    for (const [position, [at, wh]] of readings.slice(1).entries()) {
      const [fromAt, fromWh] = readings[position] ?? [0, 0];
      const ms = Math.min(at, startAt + MINUTE) - Math.max(fromAt, startAt);
      if (ms > 0) energyWh += ((wh - fromWh) * ms) / (at - fromAt);
    }
    const last = inside.at(-1);
    return {
      startAt,
      energyWh,
      samples: inside.length,
      sessionId: 's',
      ...(last === undefined ? {} : { registerAt: last[0], registerWh: last[1] }),
    };
  });
};
const rounded = (minutes: readonly Minute[]) =>
  minutes.map((minute) => ({ ...minute, energyWh: Math.round(minute.energyWh * 1e6) / 1e6 }));

describe('minutes of a late reading', () => {
  it('gives what arrival in order would have given', () => {
    const without = minutesOf([
      [0, 0],
      [10 * MINUTE, 1000],
    ]);
    const late = backfilled(4.5 * MINUTE, 900, [0, 0], [10 * MINUTE, 1000]);
    const changed = backfillMinutes(late, without);
    expect(rounded([...changed, ...without.slice(10)])).toEqual(
      rounded(
        minutesOf([
          [0, 0],
          [4.5 * MINUTE, 900],
          [10 * MINUTE, 1000],
        ]),
      ),
    );
  });

  it('finds nearer neighbours among the minutes than the curve remembers', () => {
    const readings: [number, number][] = [
      [0, 0],
      [3 * MINUTE, 100],
      [6 * MINUTE, 700],
      [10 * MINUTE, 1000],
    ];
    const changed = backfillMinutes(backfilled(5 * MINUTE, 650, [0, 0], [10 * MINUTE, 1000]), minutesOf(readings));
    expect(changed.map(({ startAt }) => startAt / MINUTE)).toEqual([3, 4, 5]);
    expect(changed.map(({ energyWh }) => energyWh)).toEqual([275, 275, 50]);
  });

  it('keeps the sum, and every minute at or above zero, for any readings in any order', () => {
    const readings = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 400_000 }), fc.integer({ min: 0, max: 5000 })), {
        minLength: 2,
        maxLength: 8,
      })
      .map((steps) => {
        const list: [number, number][] = [[0, 0]];
        for (const [ms, wh] of steps) {
          const [at, total] = list.at(-1) ?? [0, 0];
          list.push([at + ms, total + wh]);
        }
        return list;
      });
    fc.assert(
      fc.property(readings, fc.nat(), (all, pick) => {
        const index = 1 + (pick % (all.length - 2));
        const late = all[index];
        const before = all[index - 1];
        const after = all[index + 1];
        if (late === undefined || before === undefined || after === undefined) throw new Error('No such reading');
        const minutes = minutesOf(all.filter((reading) => reading !== late));
        const changed = new Map(
          backfillMinutes(backfilled(late[0], late[1], before, after), minutes).map((minute) => [
            minute.startAt,
            minute,
          ]),
        );
        const result = minutes.map((minute) => changed.get(minute.startAt) ?? minute);
        const sum = (list: readonly Minute[]) => list.reduce((total, { energyWh }) => total + energyWh, 0);
        expect(sum(result)).toBeCloseTo(sum(minutes), 6);
        expect(result.every(({ energyWh }) => energyWh >= 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('minutes of a spread', () => {
  it('share the energy evenly and add up to it', () => {
    const minutes = spreadMinutes({
      type: 'MinutesSpread',
      id: 'x',
      at: 0,
      receivedAt: 0,
      evseId: 1,
      connectorId: 1,
      sessionId: 's',
      fromAt: 0,
      toAt: 3 * MINUTE,
      fromWh: 100,
      toWh: 400,
    });
    expect(minutes).toEqual(
      [0, 1, 2].map((index) => ({ startAt: index * MINUTE, energyWh: 100, samples: 0, sessionId: 's' })),
    );
  });
});
