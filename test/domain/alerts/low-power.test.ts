import { describe, expect, it } from 'vitest';
import { lowPower } from '../../../domain/alerts/rules/low-power.ts';
import { defaultThresholds } from '../../../domain/alerts/thresholds.ts';
import { type MeterCurve, withNewestPoint } from '../../../domain/session/meter-curve.ts';
import { charging, MINUTE, minute, noon } from './fixtures.ts';

/** What the rule says at every minute of a session whose power is told, in W, by the minute. */
const minutesTold = (powerAt: (minutes: number) => number, until: number, sampleMinutes = 1): readonly number[] => {
  const told: number[] = [];
  let metered: MeterCurve = { curve: [[0, 0]] };
  let energyWh = 0;
  for (let now = 1; now <= until; now += 1) {
    energyWh += powerAt(now) / 60;
    if (now % sampleMinutes !== 0) continue;
    metered = withNewestPoint(metered, noon, now * 60, energyWh);
    const sampled = { energyWh, powerW: powerAt(now), sampleIntervalMs: sampleMinutes * MINUTE, ...metered };
    const snapshot = charging(now, { ...sampled, deliveredAt: minute(now) });
    const context = {
      now: minute(now),
      thresholds: defaultThresholds,
      station: { heardAt: minute(now), connected: true },
      holding: false,
    };
    if (lowPower.check?.(snapshot, context)) told.push(now);
  }
  return told;
};

describe('low power', () => {
  it('is told after ten minutes of a session that never charged well', () => {
    expect(minutesTold(() => 500, 12)).toEqual([10, 11, 12]);
  });

  it('is told half an hour after a sudden drop of a session that charged well', () => {
    const told = minutesTold((now) => (now <= 30 ? 20_000 : 400), 90);
    expect([told[0], told.at(-1), told.length]).toEqual([60, 90, 31]);
  });

  it('is told of a drop that coarse samples blur into a slope', () => {
    expect(minutesTold((now) => (now <= 40 ? 20_000 : 400), 150, 15)).toContain(105);
  });

  it.each([
    ['a battery fills up within minutes and is balanced for a while', (now: number) => (now <= 120 ? 7_000 : 350), 145],
    [
      'a battery comes down gradually, however long it is balanced then',
      (now: number) => Math.max(300, 20_000 * Math.exp(-Math.max(0, now - 60) / 15)),
      240,
    ],
    ['a car that is nearly full is topped up', (now: number) => Math.max(300, 9_000 * Math.exp(-now / 3)), 25],
  ])('is not told when %s', (_, powerAt, until) => {
    expect(minutesTold(powerAt, until)).toEqual([]);
  });
});
