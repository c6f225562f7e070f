import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../../domain/charging/allocate.ts';
import type { AllocationProblem } from '../../../domain/charging/allocation-problem.ts';
import type { ControlledSession, ReservedLoad } from '../../../domain/charging/controlled-session.ts';
import { ampereStepW } from '../../../domain/charging/step.ts';
import { noteUse, nothingUnused, type UnusedShare, unusedBound } from '../../../domain/charging/unused-share.ts';
import type { GridPhase } from '../../../domain/registry/electrics.ts';

const car = (id: string, maxW = 22_000, more: Partial<ControlledSession> = {}): ControlledSession => ({
  id,
  minW: 4140,
  upperBounds: [{ by: 'rating', powerW: maxW }],
  ...more,
});

const given = (budgetW: number, sessions: readonly ControlledSession[], more: Partial<AllocationProblem> = {}) =>
  allocate({
    site: { limitW: budgetW, load: { kind: 'measured', siteW: 0, chargingW: 0 } },
    sessions,
    strategy: 'equal',
    ...more,
  });

const brief = (allocation: ReturnType<typeof given>) =>
  Object.fromEntries(allocation.setpoints.map(({ id, limitW, reasons }) => [id, [limitW, reasons[0].kind]]));

describe('who is paused', () => {
  it('is who waited least, once the turn of the others is over', () => {
    const waiting = car('a', 22_000, { waitingSec: 300 });
    expect(brief(given(5000, [waiting, car('b', 22_000, { onForSec: 600 })]))).toEqual({
      a: [0, 'pause'],
      b: [5000, 'budget'],
    });
    expect(brief(given(5000, [waiting, car('b', 22_000, { onForSec: 900 })]))).toEqual({
      a: [5000, 'budget'],
      b: [0, 'pause'],
    });
  });

  it('is who waited least as soon as the turn of a site is over, however long that is', () => {
    const cars = [car('a', 22_000, { waitingSec: 300 }), car('b', 22_000, { onForSec: 200 })];
    expect(given(5000, cars, { turnSec: 240 }).paused).toEqual(['a']);
    expect(given(5000, cars, { turnSec: 180 }).paused).toEqual(['b']);
  });

  it('is told that another has its turn', () => {
    const { setpoints } = given(5000, [car('a', 22_000, { waitingSec: 300 }), car('b', 22_000, { onForSec: 600 })]);
    expect(setpoints[0]?.reasons.map(({ kind }) => kind)).toEqual(['pause', 'budget', 'rotation']);
  });

  it('is not somebody of a better priority, whoever has its turn', () => {
    const first = car('a', 22_000, { priority: 1 });
    expect(given(5000, [first, car('b', 22_000, { onForSec: 1 })]).paused).toEqual(['b']);
  });

  it('is a car that takes nothing before one that does', () => {
    const suspended = car('a', 22_000, { suspended: true, onForSec: 60 });
    expect(given(5000, [suspended, car('b')]).paused).toEqual(['a']);
    expect(brief(given(50_000, [suspended, car('b')]))).toEqual({ a: [4140, 'unused'], b: [22_000, 'rating'] });
  });
});

describe('strategies that rank', () => {
  it('fills the best priority first, after the minimums', () => {
    const cars = [car('a', 22_000, { priority: 3 }), car('b', 22_000, { priority: 1 }), car('c', 22_000)];
    expect(brief(given(40_000, cars, { strategy: 'priority' }))).toEqual({
      a: [4140, 'budget'],
      b: [22_000, 'rating'],
      c: [13_860, 'budget'],
    });
  });

  it('fills who leaves first, and who names no departure last', () => {
    const leaving = (departureInSec: number) => ({ wish: { departureInSec, energyWh: 20_000 } });
    const cars = [car('a'), car('b', 22_000, leaving(7200)), car('c', 22_000, leaving(3600))];
    expect(brief(given(40_000, cars, { strategy: 'earliest-departure' }))).toEqual({
      a: [4140, 'budget'],
      b: [13_860, 'budget'],
      c: [22_000, 'rating'],
    });
  });

  it('fills whose wish is fulfilled last, and who wants an unknown amount by its departure', () => {
    const leaving = (departureInSec: number, energyWh?: number) => ({
      wish: { departureInSec, ...(energyWh !== undefined && { energyWh }) },
    });
    const cars = [
      car('a', 22_000, leaving(600, 0)),
      car('b', 22_000, leaving(7200, 1)),
      car('c', 22_000, leaving(3600)),
    ];
    expect(brief(given(40_000, cars, { strategy: 'earliest-departure' }))).toEqual({
      a: [4140, 'budget'],
      b: [13_860, 'budget'],
      c: [22_000, 'rating'],
    });
  });

  it('fills who has least time to spare first, in quarters of an hour, then who leaves first', () => {
    const wants = (departureInSec: number, energyWh?: number) => ({
      wish: { departureInSec, ...(energyWh !== undefined && { energyWh }) },
    });
    const limits = (...cars: readonly ControlledSession[]) =>
      given(40_000, cars, { strategy: 'least-laxity-first' }).setpoints.map(({ limitW }) => limitW);
    // At 22 kW: 22 kWh take an hour. Two hours to spare against none.
    expect(limits(car('a', 22_000, wants(3 * 3600, 22_000)), car('b', 22_000, wants(4 * 3600, 88_000)))).toEqual([
      18_000, 22_000,
    ]);
    // Who can no longer get all of it has no less to spare than who just can: the earlier departure counts.
    expect(limits(car('a', 22_000, wants(3600, 22_000)), car('b', 22_000, wants(7200, 200_000)))).toEqual([
      22_000, 18_000,
    ]);
    // 25 and 20 minutes to spare count alike, so that the earlier departure does; 10 are less.
    const inMinutes = (minutes: number) => wants(minutes * 60, 11_000);
    expect(limits(car('a', 22_000, inMinutes(55)), car('b', 22_000, inMinutes(50)))).toEqual([18_000, 22_000]);
    expect(limits(car('a', 22_000, inMinutes(50)), car('b', 22_000, inMinutes(40)))).toEqual([18_000, 22_000]);
    expect(limits(car('a', 22_000, wants(600, 0)), car('b', 22_000, wants(9 * 3600)), car('c'))).toEqual([
      9_000, 22_000, 9_000,
    ]);
  });

  it('counts a driver without a bid as the lowest bidder', () => {
    const cars = [car('a', 50_000, { bid: 0.6 }), car('b', 50_000), car('c', 50_000, { bid: 0.2 })];
    expect(brief(given(50_000, cars, { strategy: 'bid-weighted' }))).toEqual({
      a: [30_000, 'budget'],
      b: [10_000, 'budget'],
      c: [10_000, 'budget'],
    });
  });
});

describe('stations that take amperes', () => {
  it('get multiples of 0.1 A, and what rounding loses goes to others', () => {
    const stepW = ampereStepW(230, 3);
    const cars = [car('a', 22_080, { stepW }), car('b', 22_080, { stepW }), car('dc', 50_000, { minW: 3000 })];
    const { setpoints } = given(30_000, cars);
    expect(setpoints.map(({ limitW }) => limitW)).toEqual([10_005, 9936, 10_050]);
  });

  it('keep six amperes as their minimum at any voltage', () => {
    const stepW = ampereStepW(240, 3);
    const { setpoints } = given(4400, [car('a', 22_000, { minW: 4320, stepW })]);
    expect(setpoints.map(({ limitW }) => limitW)).toEqual([4392]);
  });
});

describe('phases', () => {
  const onPhase = (id: string, ...phases: readonly GridPhase[]) => car(id, 7360, { minW: 1380, phases });

  it('subtracts what the rest of the site draws on each', () => {
    const supply = { voltageV: 230, limitA: 32, otherA: { L1: 20, L2: 0, L3: 0 } };
    expect(brief(given(50_000, [onPhase('a', 'L1'), onPhase('b', 'L2')], { phases: supply }))).toEqual({
      a: [2760, 'phase'],
      b: [7360, 'rating'],
    });
  });

  it('lets phases differ by no more than allowed, yet uses them all', () => {
    const supply = { voltageV: 230, limitA: 100, unbalanceA: 20 };
    expect(brief(given(50_000, [onPhase('a', 'L1')], { phases: supply }))).toEqual({ a: [4600, 'unbalance'] });
    const three = [onPhase('a', 'L1'), onPhase('b', 'L2'), onPhase('c', 'L3')];
    expect(brief(given(50_000, three, { phases: supply }))).toEqual({
      a: [7360, 'rating'],
      b: [7360, 'rating'],
      c: [7360, 'rating'],
    });
  });

  it('admit by precedence whoever keeps them even enough together, though it gives out no more power', () => {
    const supply = { voltageV: 230, limitA: 63, unbalanceA: 16 };
    const five = [onPhase('a', 'L2'), onPhase('b', 'L3'), onPhase('c', 'L1'), onPhase('d', 'L1'), onPhase('e', 'L1')];
    expect(given(7_000, five, { phases: supply }).setpoints.map(({ limitW }) => limitW)).toEqual([
      1_400, 1_400, 1_400, 1_400, 1_400,
    ]);
    // a and b take 12 A of one phase while 10 A are allowed: they need c and d on the others.
    const four = [onPhase('a', 'L1'), onPhase('b', 'L1'), onPhase('c', 'L2'), onPhase('d', 'L3')];
    expect(given(5_600, four, { phases: { ...supply, unbalanceA: 10 } }).paused).toEqual([]);
    expect(given(4_200, four, { phases: { ...supply, unbalanceA: 10 } }).paused).toEqual(['b']);
  });

  it('never differ by more than allowed, whatever is plugged in where', () => {
    const plugged = fc.array(fc.constantFrom<readonly GridPhase[]>(['L1'], ['L2'], ['L3'], ['L1', 'L2', 'L3']), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        plugged,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 40 }),
        (wiring, unbalanceA, kw) => {
          const cars = wiring.map((phases, index) => car(`c${index}`, phases.length * 7360, { minW: 1380, phases }));
          const { setpoints } = given(kw * 1000, cars, { phases: { voltageV: 230, limitA: 63, unbalanceA } });
          const currents = (['L1', 'L2', 'L3'] as const).map((phase) =>
            setpoints.reduce(
              (sum, { limitW, phases = [] }) => (phases.includes(phase) ? sum + limitW / 230 / phases.length : sum),
              0,
            ),
          );
          expect(Math.max(...currents) - Math.min(...currents)).toBeLessThanOrEqual(unbalanceA + 1e-3);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('are reduced to one where the minimum on three does not fit and the station can switch', () => {
    const supply = { voltageV: 230, limitA: 32, otherA: { L1: 10, L2: 0, L3: 4 } };
    const switchable = car('a', 11_040, {
      phases: ['L1', 'L2', 'L3'],
      singlePhase: { minW: 1380, maxW: 3680, choices: ['L1', 'L2', 'L3'] },
    });
    const { setpoints } = given(3000, [switchable], { phases: supply });
    expect(setpoints).toEqual([
      {
        id: 'a',
        limitW: 3000,
        minW: 1380,
        maxW: 3680,
        stepW: 10,
        phases: ['L2'],
        reasons: [{ kind: 'budget' }, { kind: 'single-phase', phase: 'L2' }],
      },
    ]);
  });

  it('are reduced to one for each of several, though the first that goes on with one takes the room of another', () => {
    const singlePhase = { minW: 1380, maxW: 3680, choices: ['L1', 'L2', 'L3'] as const };
    const cars = ['x', 'y', 'z'].map((id) => car(id, 11_040, { phases: ['L1', 'L2', 'L3'], singlePhase }));
    const circuits = [{ id: 'F', kind: 'feeder' as const, limitW: 3_000, members: ['x'] }];
    const { setpoints, paused } = given(5_000, cars, { circuits, phases: { voltageV: 230, limitA: 32 } });
    expect({ paused, phases: setpoints.map(({ phases }) => phases) }).toEqual({
      paused: [],
      phases: [['L1'], ['L3'], ['L2']],
    });
  });

  it('are not switched twice within a quarter of an hour', () => {
    const switched = (forSec: number, ...phases: readonly GridPhase[]) =>
      car('a', 11_040, {
        phases: ['L1', 'L2', 'L3'],
        singlePhase: { minW: 1380, maxW: 3680, choices: ['L1'], now: { phases, forSec } },
      });
    const phasesAt = (budgetW: number, session: ControlledSession) => given(budgetW, [session]).setpoints[0];
    expect(phasesAt(9000, switched(600, 'L1'))).toMatchObject({ limitW: 3680, phases: ['L1'] });
    expect(phasesAt(9000, switched(900, 'L1'))).toMatchObject({ limitW: 9000, phases: ['L1', 'L2', 'L3'] });
    expect(phasesAt(3000, switched(600, 'L1', 'L2', 'L3'))).toMatchObject({ limitW: 0 });
    expect(phasesAt(3000, switched(900, 'L1', 'L2', 'L3'))).toMatchObject({ limitW: 3000, phases: ['L1'] });
  });
});

describe('cars that charge only from the sun', () => {
  const sunny = (surplusW: number, session: ControlledSession) =>
    allocate({
      site: { limitW: 50_000, load: { kind: 'measured', siteW: -surplusW, chargingW: 0 } },
      sessions: [session, car('b')],
      strategy: 'equal',
    });

  it('share what the site would feed in, or wait', () => {
    expect(brief(sunny(6000, car('a', 22_000, { solarOnly: true })))).toEqual({
      a: [6000, 'solar'],
      b: [22_000, 'rating'],
    });
    expect(brief(sunny(3000, car('a', 22_000, { solarOnly: true })))).toMatchObject({ a: [0, 'pause'] });
  });

  it('get nothing of what reserved cars take of it, and what those that are to come would take until they have', () => {
    const beside = (reserved: readonly ReservedLoad[]) =>
      allocate({
        site: { limitW: 50_000, load: { kind: 'measured', siteW: -5_000, chargingW: 15_000 } },
        sessions: [car('a', 22_000, { solarOnly: true })],
        reserved,
        strategy: 'equal',
      });
    expect(brief(beside([{ id: 'r', reservedW: 15_000 }]))).toEqual({ a: [5_000, 'solar'] });
    expect(brief(beside([{ id: 'r', reservedW: 15_000, isToCome: true }]))).toEqual({ a: [20_000, 'solar'] });
    expect(brief(beside([{ id: 'r', reservedW: 40_000 }]))).toEqual({ a: [0, 'pause'] });
  });

  it('keep their minimum for a quarter of an hour when clouds pass', () => {
    expect(brief(sunny(0, car('a', 22_000, { solarOnly: true, onForSec: 300 })))).toMatchObject({ a: [4140, 'solar'] });
    expect(brief(sunny(0, car('a', 22_000, { solarOnly: true, onForSec: 900 })))).toMatchObject({ a: [0, 'pause'] });
  });
});

describe('the budget', () => {
  it('is the safe one while the meter is silent, and says so', () => {
    const site = { limitW: 100_000, load: { kind: 'unknown' as const, safeBudgetW: 10_000 } };
    expect(allocate({ site, sessions: [car('a')], strategy: 'equal' })).toMatchObject({
      effectiveBudgetW: 10_000,
      budgetReason: { kind: 'fallback' },
      setpoints: [{ limitW: 10_000, reasons: [{ kind: 'fallback' }] }],
    });
  });

  it('is cut by the most restrictive curtailment, which is named', () => {
    const curtailments = [
      { kind: 'share' as const, signalId: 'mild', baselineW: 40_000, percent: 10, keepsMinimums: true },
      { kind: 'import-limit' as const, signalId: 'strict', limitW: 12_000 },
    ];
    expect(given(50_000, [car('a')], { curtailments })).toMatchObject({
      effectiveBudgetW: 12_000,
      setpoints: [{ reasons: [{ kind: 'dr-event', signalId: 'strict' }] }],
    });
  });

  it('is scaled by the price tier, which pauses nobody', () => {
    const tier = { name: 'CRITICAL_PEAK', factor: 0.2 };
    expect(given(50_000, [car('a'), car('b')], { tier })).toMatchObject({
      effectiveBudgetW: 8800,
      setpoints: [{ limitW: 4400, reasons: [{ kind: 'tier', tier: 'CRITICAL_PEAK' }] }, { limitW: 4400 }],
    });
    expect(given(50_000, [car('a'), car('b')], { tier: { ...tier, factor: 0 } })).toMatchObject({
      effectiveBudgetW: 8280,
      paused: [],
    });
  });

  it('leaves room for minimums that are no multiple of 10 W, however much a tier or a signal that keeps them takes off', () => {
    const keeps = { kind: 'share', signalId: 'g', baselineW: 0, percent: 100, keepsMinimums: true } as const;
    const needing = [car('a', 22_080, { minW: 9_936, stepW: 69 })];
    const reduced: Partial<AllocationProblem>[] = [
      { tier: { name: 'ON_PEAK', factor: 0.2 } },
      { curtailments: [keeps] },
      { tier: { name: 'ON_PEAK', factor: 0.2 }, curtailments: [keeps] },
    ];
    expect(reduced.map((more) => given(9_945, needing, more).setpoints[0]?.limitW)).toEqual([9_936, 9_936, 9_936]);
  });
});

describe('what a car leaves unused', () => {
  const sample = (at: number, limitW: number, measuredW: number) => ({ at, limitW, measuredW });

  it('lowers its bound after two samples, and loses it as soon as the car comes near its limit', () => {
    const once = noteUse(nothingUnused, sample(1, 20_000, 8000));
    expect(unusedBound(once)).toBeUndefined();
    const twice = noteUse(once, sample(2, 20_000, 8000));
    expect(unusedBound(twice)).toEqual({ by: 'unused', powerW: 9000 });
    expect(unusedBound(noteUse(twice, sample(3, 9000, 8500)))).toEqual({ by: 'unused', powerW: 9000 });
    expect(unusedBound(noteUse(twice, sample(3, 9000, 8850)))).toBeUndefined();
    // Given less than its bound, it shows nothing of what lies above.
    const served = noteUse(twice, sample(3, 4000, 4000));
    expect(unusedBound(served)).toEqual({ by: 'unused', powerW: 9000 });
    expect(unusedBound(noteUse(served, sample(4, 9000, 9000)))).toBeUndefined();
    expect(unusedBound(noteUse(twice, sample(3, 4000, 9500)))).toBeUndefined();
  });

  it('is lowered by one sample where the car itself says that it takes nothing', () => {
    const suspended = noteUse(nothingUnused, { ...sample(1, 20_000, 0), isSuspended: true });
    expect(unusedBound(suspended)).toEqual({ by: 'unused', powerW: 1000 });
  });

  it('is not told by a fast charger that draws some percent less than it is offered', () => {
    const use = [1, 2, 3].reduce((known, at) => noteUse(known, sample(at, 60_000, 57_500)), nothingUnused);
    expect(unusedBound(use)).toBeUndefined();
  });

  it('is none for a car that takes the same part of any limit, which lowering would starve', () => {
    const takes = (share: number) => {
      let [use, limitW] = [nothingUnused, 22_000];
      for (let at = 1; at <= 20; at += 1) {
        use = noteUse(use, sample(at, limitW, share * limitW));
        limitW = Math.min(22_000, unusedBound(use)?.powerW ?? 22_000);
      }
      return limitW;
    };
    expect([takes(1 / 3), takes(0.85), takes(1)]).toEqual([22_000, 22_000, 22_000]);
  });

  it('comes back when a car that took a part of any limit takes less than that part', () => {
    const part: UnusedShare = { below: 0, at: 1, takesShare: 0.5 };
    const use = [2, 3].reduce((known, at) => noteUse(known, sample(at, 20_000, 4_000)), part);
    expect(unusedBound(use)).toEqual({ by: 'unused', powerW: 5_000 });
    expect(noteUse(part, sample(2, 20_000, 15_000)).takesShare).toBeUndefined();
  });

  it('is not taken away while the car is paused, which shows nothing', () => {
    const low = [1, 2].reduce((known, at) => noteUse(known, sample(at, 20_000, 0)), nothingUnused);
    expect(unusedBound(noteUse(low, sample(3, 0, 0)))).toEqual({ by: 'unused', powerW: 1000 });
  });

  it('is not told by a sample that is old', () => {
    const once = noteUse(nothingUnused, sample(5, 20_000, 8000));
    expect(noteUse(once, sample(5, 20_000, 8000))).toBe(once);
  });
});
