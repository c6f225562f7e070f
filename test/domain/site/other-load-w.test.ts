import { describe, expect, it } from 'vitest';
import { foldSite } from '../../../domain/site/fold-site.ts';
import { otherCurrentsA, otherLoadW } from '../../../domain/site/other-load-w.ts';
import type { SiteDemandMeasured } from '../../../domain/site/site-signal.ts';
import { MOST_SESSIONS, type SiteSession } from '../../../domain/site/site-state.ts';
import { car, demand, emptySite, noon, second } from './given-site.ts';

const session = (patch: Partial<SiteSession>): SiteSession => {
  const [begun] = foldSite(emptySite, { type: 'connector-changed', connector: car(1) }, noon).sessions;
  if (begun === undefined) throw new Error('No session began');
  return { ...begun, ...patch };
};
const reading = (powerW: number, at: number, patch: Partial<SiteDemandMeasured> = {}): SiteDemandMeasured => {
  const signal = demand(powerW, at, patch);
  if (signal.type !== 'SiteDemandMeasured') throw new Error('No reading');
  return signal;
};
const load = (patch: Partial<Parameters<typeof otherLoadW>[0]>): number =>
  otherLoadW({ demand: reading(0, noon), sessions: [], departed: [], beforeW: undefined, limitW: 200_000, ...patch });

describe('what a site draws beside its chargers', () => {
  it('is the difference where the building system measures the chargers itself', () => {
    expect(load({ demand: reading(180_000, noon, { evPowerW: 100_000 }) })).toBe(80_000);
  });

  it('is more by cars that are measured with the chargers but not controlled', () => {
    const unregistered = [session({ samples: [{ at: noon, powerW: 30_000 }] })];
    expect(load({ demand: reading(180_000, noon, { evPowerW: 100_000 }), unregistered })).toBe(110_000);
  });

  it('is told by the cars themselves where there may be more than a site keeps', () => {
    const sessions = Array.from({ length: MOST_SESSIONS }, () => session({ samples: [{ at: noon, powerW: 1_000 }] }));
    expect(load({ demand: reading(300_000, noon, { evPowerW: 250_000 }), sessions })).toBe(100_000);
  });

  it('is below nothing while the sun gives more', () => {
    expect(load({ demand: reading(-20_000, noon, { evPowerW: 5_000 }) })).toBe(-25_000);
  });

  it('takes the chargers at the very instant of the reading, between their own samples', () => {
    const samples = [
      { at: second(0), powerW: 10_000 },
      { at: second(60), powerW: 40_000 },
    ];
    expect(load({ demand: reading(100_000, second(30)), sessions: [session({ samples })] })).toBe(75_000);
  });

  it('does not change because a car follows a new limit before its meter says so', () => {
    const follows = session({
      samples: [{ at: second(0), powerW: 10_000 }],
      accepted: { limitW: 50_000, at: second(10) },
    });
    // The car went from 10 to 50 kW; the building stayed at 60.
    expect(load({ demand: reading(110_000, second(20)), sessions: [follows], beforeW: 60_000 })).toBe(60_000);
  });

  it('is the most it can be while the site draws more than its limit', () => {
    const follows = session({
      samples: [{ at: second(0), powerW: 10_000 }],
      accepted: { limitW: 50_000, at: second(10) },
    });
    expect(load({ demand: reading(210_000, second(20)), sessions: [follows], beforeW: 165_000 })).toBe(200_000);
  });

  it('counts a car that has left since the reading, and may have stopped drawing before that was told', () => {
    const departed = [
      { connector: 'S1/1/1', rev: 3, endedAt: second(30), samples: [{ at: second(0), powerW: 20_000 }] },
    ];
    const at20 = (powerW: number) =>
      load({ demand: reading(powerW, second(20)), departed, beforeW: 30_000, limitW: 60_000 });
    // It drew 20 kW at the reading, or no longer did.
    expect([at20(50_000), at20(30_000), load({ demand: reading(50_000, second(40)), departed })]).toEqual([
      30_000, 30_000, 50_000,
    ]);
  });

  describe('while cars follow limits', () => {
    const at = (seconds: number, powerW: number, patch: Partial<SiteSession>, beforeW = 60_000) =>
      load({ demand: reading(powerW, second(seconds)), sessions: [session(patch)], beforeW });

    it('stays what it was where a car was measured before it had followed', () => {
      const samples = [{ at: second(11), powerW: 50_000 }];
      const accepted = { limitW: 10_000, at: second(10) };
      expect([at(15, 110_000, { samples, accepted }), at(15, 70_000, { samples, accepted })]).toEqual([60_000, 60_000]);
    });

    it('is of when the reading came at the latest, whatever the clock of the meter says', () => {
      const samples = [{ at: second(0), powerW: 50_000 }];
      const accepted = { limitW: 10_000, at: second(10) };
      const ahead = reading(110_000, second(120), { receivedAt: second(9) });
      expect(load({ demand: ahead, sessions: [session({ samples, accepted })], beforeW: 60_000 })).toBe(60_000);
    });

    it('stays what it was where a limit was sent before the reading and accepted after it', () => {
      const samples = [{ at: second(0), powerW: 50_000 }];
      const accepted = { limitW: 10_000, at: second(16), sentAt: second(14) };
      expect(at(15, 70_000, { samples, accepted })).toBe(60_000);
    });

    it('stays what it was where a car follows a limit that has been replaced since the reading', () => {
      const samples = [{ at: second(0), powerW: 50_000 }];
      const earlier = [{ limitW: 10_000, at: second(10) }];
      const accepted = { limitW: 45_000, at: second(40), sentAt: second(39) };
      expect(at(35, 70_000, { samples, earlier, accepted })).toBe(60_000);
    });

    it('takes a car that was lowered between two samples for what the later one says, once it has followed', () => {
      const samples = [
        { at: second(0), powerW: 50_000 },
        { at: second(60), powerW: 10_000 },
      ];
      const accepted = { limitW: 10_000, at: second(10) };
      expect(at(45, 70_000, { samples, accepted }, 0)).toBe(60_000);
    });

    it('is more by what a car draws beyond its limit, which is reserved nowhere', () => {
      const samples = [{ at: second(60), powerW: 50_000 }];
      const accepted = { limitW: 20_000, at: second(10) };
      const demands = [reading(110_000, second(75)), reading(110_000, second(75), { evPowerW: 50_000 })];
      const sessions = [session({ samples, accepted })];
      expect(demands.map((demand) => load({ demand, sessions, beforeW: 60_000 }))).toEqual([90_000, 90_000]);
    });

    it('is no more by a car whose limit fell since its own meter told of it', () => {
      const samples = [{ at: second(0), powerW: 50_000 }];
      const earlier = [{ limitW: 50_000, at: second(-60) }];
      const accepted = { limitW: 20_000, at: second(10) };
      const measured = reading(110_000, second(75), { evPowerW: 50_000 });
      expect(load({ demand: measured, sessions: [session({ samples, earlier, accepted })] })).toBe(60_000);
    });
  });
});

describe('what a site draws on each phase beside its chargers', () => {
  const currents = { L1: 100, L2: 60, L3: 40 };
  const onPhases = (phases: readonly ('L1' | 'L2' | 'L3')[], powerW: number) => ({
    ...session({ samples: [{ at: noon, powerW }] }),
    phases,
  });

  it('is what its meter tells of each less what cars draw there, spread over the phases they use', () => {
    const cars = [onPhases(['L1', 'L2', 'L3'], 13_800), onPhases(['L1'], 4_600)];
    expect(otherCurrentsA(reading(0, noon, { currentA: currents }), cars, 230)).toEqual({ L1: 60, L2: 40, L3: 20 });
  });

  it('is not known where the meter tells no currents, and never below nothing', () => {
    expect(otherCurrentsA(reading(0, noon), [], 230)).toBeUndefined();
    const exporting = otherCurrentsA(reading(0, noon, { currentA: { L1: 5 } }), [onPhases(['L1'], 4_600)], 230);
    expect(exporting).toEqual({ L1: 0, L2: 0, L3: 0 });
  });

  it('stays what it was believed to be, as far as it can be, while a car follows a new limit and no phase is above its limit', () => {
    const follows = {
      ...onPhases(['L1'], 2_300),
      accepted: { limitW: 6_900, at: second(10) },
    };
    const at20 = (L1: number, limitA: number) =>
      otherCurrentsA(reading(0, second(20), { currentA: { L1 } }), [follows], 230, {
        beforeA: { L1: 15, L2: 0, L3: 0 },
        limitA,
      })?.L1;
    // The car went from 10 A to 30 A; it may as well have stayed.
    expect([at20(45, 60), at20(50, 60), at20(20, 60), at20(45, 40)]).toEqual([15, 20, 10, 35]);
  });
});
