import fc from 'fast-check';
import type { AllocationProblem } from '../../../domain/charging/allocation-problem.ts';
import type { ControlledSession } from '../../../domain/charging/controlled-session.ts';
import { omitUndefined } from '../../../domain/kernel/omit-undefined.ts';

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const powerW = (mostKw: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: mostKw * 100 }).map((q) => q * 10);
const phases = fc.constantFrom(['L1'], ['L2'], ['L3'], ['L1', 'L2'], ['L1', 'L2', 'L3']) as fc.Arbitrary<
  NonNullable<ControlledSession['phases']>
>;

const session = fc
  .record({
    minW: fc.constantFrom(1380, 4140, 3000, 0, 4145.5),
    maxW: fc.constantFrom(3680, 7360, 11_040, 22_000, 50_000, 150_000, 2000, 11_043.7),
    bid: fc.integer({ min: 1, max: 60 }).map((cents) => cents / 100),
    priority: maybe(fc.integer({ min: 1, max: 3 })),
    waitingSec: maybe(fc.integer({ min: 0, max: 5 })),
    arrival: maybe(fc.integer({ min: 0, max: 3 })),
    unusedW: maybe(powerW(20)),
    phases,
  })
  .map(
    ({ maxW, unusedW, ...rest }): Omit<ControlledSession, 'id'> => ({
      ...omitUndefined(rest),
      upperBounds: [
        { by: 'rating', powerW: maxW },
        ...(unusedW === undefined ? [] : [{ by: 'unused' as const, powerW: unusedW }]),
      ],
    }),
  );

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Problems with one constraint: the site's budget. */
export const simpleProblem: fc.Arbitrary<AllocationProblem> = fc
  .record({
    budgetW: powerW(150),
    sessions: fc.array(session, { minLength: 1, maxLength: ids.length }),
    strategy: fc.constantFrom('bid-weighted' as const, 'equal' as const),
  })
  .map(({ budgetW, sessions, strategy }) => ({
    site: { limitW: budgetW, load: { kind: 'measured', siteW: 0, chargingW: 0 } },
    strategy,
    sessions: sessions.map((each, index) => ({ ...each, id: ids[index] ?? '' })),
  }));

/** Problems with everything: margin, building, sun, tier, curtailments, feeders, phases and reserved loads. */
export const anyProblem: fc.Arbitrary<AllocationProblem> = simpleProblem.chain((simple) => {
  const members = simple.sessions.map(({ id }) => id);
  const isSome = fc.boolean();
  return fc
    .record({
      limitW: powerW(250),
      marginShare: fc.constantFrom(0, 0.05, 0.1, 0.033),
      otherW: fc.integer({ min: -3000, max: 8000 }).map((q) => q * 10),
      chargingW: powerW(100),
      reserved: maybe(fc.record({ reservedW: powerW(20), phases })),
      circuits: fc.array(fc.record({ limitW: powerW(60), members: fc.subarray([...members, 'r']) }), { maxLength: 4 }),
      limitA: maybe(fc.integer({ min: 6, max: 80 })),
      factor: maybe(fc.constantFrom(1, 0.8, 0.5, 0.2)),
      curtailments: fc.array(
        fc.record({ baselineW: powerW(200), percent: fc.integer({ min: 0, max: 100 }), keepsMinimums: isSome }),
        { maxLength: 2 },
      ),
    })
    .map(({ limitW, marginShare, otherW, chargingW, reserved, circuits, limitA, factor, curtailments }) => ({
      ...simple,
      site: { limitW, marginShare, load: { kind: 'measured', siteW: otherW + chargingW, chargingW } },
      reserved: reserved === undefined ? [] : [{ id: 'r', ...reserved }],
      circuits: circuits.map((circuit, index) => ({ ...circuit, id: `F${index}`, kind: 'feeder' })),
      curtailments: curtailments.map((each, index) => ({ ...each, kind: 'share', signalId: `g${index}` })),
      ...omitUndefined({
        phases: limitA === undefined ? undefined : { voltageV: 230, limitA },
        tier: factor === undefined ? undefined : { name: 'tier', factor },
      }),
    }));
});

/** The same, with stations that can switch some of the cars to one phase. */
export const switchableProblem: fc.Arbitrary<AllocationProblem> = anyProblem.chain((problem) =>
  fc
    .array(
      maybe(
        fc.record({
          maxW: fc.constantFrom(3680, 7360, 1380),
          choices: fc.subarray(['L1', 'L2', 'L3'] as const, { minLength: 1 }),
        }),
      ),
      { minLength: problem.sessions.length, maxLength: problem.sessions.length },
    )
    .map((options) => ({
      ...problem,
      sessions: problem.sessions.map((each, index): ControlledSession => {
        const option = options[index];
        const [first, ...others] = option?.choices ?? [];
        if (option === undefined || first === undefined) return each;
        return { ...each, singlePhase: { minW: 1380, maxW: option.maxW, choices: [first, ...others] } };
      }),
    })),
);
