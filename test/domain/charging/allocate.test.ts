import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../../domain/charging/allocate.ts';
import type { AllocationProblem } from '../../../domain/charging/allocation-problem.ts';
import { bounded } from '../../../domain/charging/bounded.ts';
import { anyProblem, simpleProblem, switchableProblem } from './random-problem.ts';
import { slowAllocation, slowSwitchedAllocation } from './slow-allocation.ts';

const limitsOf = (problem: AllocationProblem): Record<string, number> =>
  Object.fromEntries(allocate(problem).setpoints.map(({ id, limitW }) => [id, limitW]));

const total = (limits: Record<string, number>): number =>
  Object.values(limits).reduce((sum, limitW) => sum + limitW, 0);

const withBudget = (problem: AllocationProblem, budgetW: number): AllocationProblem => ({
  ...problem,
  site: { limitW: budgetW, load: { kind: 'measured', siteW: 0, chargingW: 0 } },
});

const boundsOf = ({ sessions }: AllocationProblem) => sessions.map(bounded);
const sumOfMinimums = (problem: AllocationProblem) => boundsOf(problem).reduce((sum, { minW }) => sum + minW, 0);
const sumOfMaximums = (problem: AllocationProblem) => boundsOf(problem).reduce((sum, { maxW }) => sum + maxW, 0);

/** Enough for every minimum, and something on top. */
const feasible = fc
  .tuple(simpleProblem, fc.integer({ min: 0, max: 10_000 }))
  .map(([problem, more]) => withBudget(problem, sumOfMinimums(problem) + more * 10));

const many = { numRuns: 10_000 };

describe('any allocation', () => {
  it('is what a slow solver in exact fractions finds', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const { budgetW, effectiveBudgetW } = allocate(problem);
        expect({ budgetW, effectiveBudgetW, limitW: limitsOf(problem) }).toEqual(slowAllocation(problem));
      }),
      many,
    );
  });

  it('switches whom three phases would pause to one, exactly as the slow solver does', () => {
    fc.assert(
      fc.property(switchableProblem, (problem) => {
        const { budgetW, effectiveBudgetW } = allocate(problem);
        expect({ budgetW, effectiveBudgetW, limitW: limitsOf(problem) }).toEqual(slowSwitchedAllocation(problem));
      }),
      many,
    );
  });

  it('keeps every constraint, and gives each car nothing or something within its bounds', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const { constraints } = allocate(problem);
        const limits = limitsOf(problem);
        for (const { capacity, members, factors } of constraints) {
          const load = members.reduce((sum, id, m) => sum + (factors?.[m] ?? 1) * (limits[id] ?? 0), 0);
          expect(load).toBeLessThanOrEqual(capacity + 1e-6);
        }
        for (const { session, minW, maxW } of boundsOf(problem)) {
          const limitW = limits[session.id] ?? Number.NaN;
          expect(limitW === 0 || (limitW >= minW && limitW <= maxW)).toBe(true);
        }
      }),
      many,
    );
  });

  it('does not depend on the order of sessions, circuits and curtailments', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const { sessions, circuits = [], curtailments = [] } = problem;
        const turned = {
          ...problem,
          sessions: sessions.toReversed(),
          circuits: circuits.toReversed(),
          curtailments: curtailments.toReversed(),
        };
        expect(limitsOf(turned)).toEqual(limitsOf(problem));
      }),
      many,
    );
  });

  it('says why of every session, and pauses by name', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const { setpoints, paused } = allocate(problem);
        expect(paused).toEqual(setpoints.flatMap(({ id, limitW }) => (limitW === 0 ? [id] : [])).sort());
        for (const { reasons } of setpoints) expect(reasons.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('one budget', () => {
  it('leaves no car paused whose minimum would fit into what is left', () => {
    fc.assert(
      fc.property(simpleProblem, (problem) => {
        const { effectiveBudgetW } = allocate(problem);
        const limits = limitsOf(problem);
        const leftW = effectiveBudgetW - total(limits);
        for (const { session, minW } of boundsOf(problem))
          if (limits[session.id] === 0) expect(minW === 0 || minW > leftW).toBe(true);
      }),
      many,
    );
  });

  it('is used no less when it is larger', () => {
    fc.assert(
      fc.property(simpleProblem, fc.integer({ min: 0, max: 3000 }), (problem, more) => {
        const larger = withBudget(problem, problem.site.limitW + more * 10);
        expect(total(limitsOf(larger))).toBeGreaterThanOrEqual(total(limitsOf(problem)));
      }),
      many,
    );
  });

  it('is used to the last quantum where it covers the minimums', () => {
    fc.assert(
      fc.property(feasible, (problem) => {
        expect(total(limitsOf(problem))).toBe(Math.min(problem.site.limitW, sumOfMaximums(problem)));
      }),
      many,
    );
  });

  it('gives nobody less when it is larger, where it covers the minimums', () => {
    fc.assert(
      fc.property(feasible, fc.integer({ min: 1, max: 300 }), (problem, more) => {
        const [before, after] = [limitsOf(problem), limitsOf(withBudget(problem, problem.site.limitW + more * 10))];
        for (const [id, limitW] of Object.entries(before)) expect(after[id]).toBeGreaterThanOrEqual(limitW);
      }),
      many,
    );
  });

  it('gives nobody less when a car leaves, where it covers the minimums', () => {
    fc.assert(
      fc.property(feasible, (problem) => {
        const [before, after] = [limitsOf(problem), limitsOf({ ...problem, sessions: problem.sessions.slice(1) })];
        for (const { id } of problem.sessions.slice(1)) expect(after[id]).toBeGreaterThanOrEqual(before[id] ?? 0);
      }),
      many,
    );
  });

  it('gives a driver who bids more no less, where it covers the minimums', () => {
    fc.assert(
      fc.property(feasible, fc.integer({ min: 1, max: 100 }), (problem, cents) => {
        const [first, ...others] = problem.sessions;
        if (first === undefined) return;
        const raised = { ...first, bid: Math.round(((first.bid ?? 0) + cents / 100) * 100) / 100 };
        const after = limitsOf({ ...problem, sessions: [raised, ...others] });
        expect(after[first.id]).toBeGreaterThanOrEqual(limitsOf(problem)[first.id] ?? 0);
      }),
      many,
    );
  });
});
