import { describe, expect, it } from 'vitest';
import { type Building, siteLoadW } from '../../simulator/site-load-w.ts';

const midnight = Date.UTC(2026, 5, 3);
const hour = (hours: number): number => midnight + hours * 3_600_000;
const building: Building = { seed: 'a', baseW: 20_000, peakW: 60_000, solarW: 0 };
/** Mean of an hour, W: noise evens out. */
const meanW = (of: Building, hours: number): number => {
  const loads = Array.from({ length: 60 }, (_, minute) => siteLoadW(of, hour(hours) + minute * 60_000));
  return loads.reduce((sum, loadW) => sum + loadW, 0) / loads.length;
};

describe('the load of a building', () => {
  it('is the same at the same instant, and another one in another building', () => {
    const loadsOf = (of: Building) => [0, 7, 13.37, 20].map((hours) => siteLoadW(of, hour(hours)));
    expect(loadsOf(building)).toEqual(loadsOf({ ...building }));
    expect(loadsOf(building)).not.toEqual(loadsOf({ ...building, seed: 'b' }));
  });

  it('lies at its base by night and rises to its peak in the middle of the day, within its noise', () => {
    expect(Math.abs(meanW(building, 2) / 20_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs(meanW(building, 13) / 60_000 - 1)).toBeLessThan(0.03);
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const loadW = siteLoadW(building, hour(0) + minute * 60_000);
      expect(loadW).toBeGreaterThanOrEqual(20_000 * 0.92 - 1);
      expect(loadW).toBeLessThanOrEqual(60_000 * 1.08 + 1);
    }
  });

  it('is less by what the sun gives, by day only, and never by more than the plant can', () => {
    const sunny: Building = { ...building, solarW: 100_000 };
    expect(meanW(sunny, 13)).toBeLessThan(0);
    expect(meanW(sunny, 2)).toBe(meanW(building, 2));
    for (let minute = 0; minute < 24 * 60; minute += 7) {
      const at = hour(0) + minute * 60_000;
      const givenW = siteLoadW(building, at) - siteLoadW(sunny, at);
      expect(givenW).toBeGreaterThanOrEqual(-1);
      expect(givenW).toBeLessThanOrEqual(100_001);
    }
  });

  it('changes smoothly: no jump between two readings of a meter', () => {
    for (let second = 0; second < 3_600; second += 15)
      expect(
        Math.abs(
          siteLoadW(building, hour(12) + second * 1_000) - siteLoadW(building, hour(12) + (second + 15) * 1_000),
        ),
      ).toBeLessThan(0.05 * 60_000);
  });
});
