import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a32 } from '../../../domain/demand-response/fnv1a32.ts';
import { idealW, restoreDelaySec, restoreEndSec, restoreSteps } from '../../../domain/demand-response/restore-steps.ts';

describe('returning after an event', () => {
  it('hashes as FNV-1a does', () => {
    expect([fnv1a32(''), fnv1a32('a'), fnv1a32('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it('spreads stations over the window, each always at the same place', () => {
    const delays = Array.from({ length: 2000 }, (_, index) => restoreDelaySec('evt', `station-${index}`));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(600);
    const perMinute = Map.groupBy(delays, (delay) => Math.floor(delay / 60));
    for (const found of perMinute.values()) expect(found.length).toBeGreaterThan(120);
    expect(restoreDelaySec('evt', 'station-1')).toBe(delays[1]);
  });

  it('rises in steps, none above the ideal line, and ends at normal when the ramp is over', () => {
    const plans = fc.record({
      targetW: fc.integer({ min: 0, max: 100_000 }),
      moreW: fc.integer({ min: 0, max: 100_000 }),
      delaySec: fc.integer({ min: 0, max: 599 }),
      rampSec: fc.integer({ min: 0, max: 120 }),
      periods: fc.integer({ min: 1, max: 24 }),
    });
    fc.assert(
      fc.property(plans, ({ targetW, moreW, delaySec, rampSec, periods }) => {
        const plan = { targetW, normalW: targetW + moreW, delaySec, rampSec };
        const steps = restoreSteps(plan, periods);
        expect(steps.length).toBeLessThanOrEqual(Math.max(2, Math.min(periods, 7)));
        expect(steps[0]?.startSec).toBe(0);
        expect(steps.at(-1)).toEqual({ startSec: restoreEndSec(plan), limitW: plan.normalW });
        for (const [index, { startSec, limitW }] of steps.entries()) {
          expect(limitW).toBeLessThanOrEqual(idealW(plan, startSec) + 1e-6);
          if (index > 0) expect(startSec).toBeGreaterThan(steps[index - 1]?.startSec ?? 0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes six steps of ten seconds where the station allows them', () => {
    const plan = { targetW: 30_000, normalW: 60_000, delaySec: 100, rampSec: 60 };
    expect(restoreSteps(plan)).toEqual([
      { startSec: 0, limitW: 30_000 },
      { startSec: 110, limitW: 35_000 },
      { startSec: 120, limitW: 40_000 },
      { startSec: 130, limitW: 45_000 },
      { startSec: 140, limitW: 50_000 },
      { startSec: 150, limitW: 55_000 },
      { startSec: 160, limitW: 60_000 },
    ]);
    expect(restoreSteps(plan, 2)).toEqual([
      { startSec: 0, limitW: 30_000 },
      { startSec: 160, limitW: 60_000 },
    ]);
  });
});
