import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from '../../domain/charging/allocate.ts';
import { strategies } from '../../domain/charging/strategies/index.ts';
import { anyProblem, simpleProblem } from '../domain/charging/random-problem.ts';

const folder = new URL('../../domain/charging/strategies/', import.meta.url);
const wish = fc.option(
  fc.record({ departureInSec: fc.integer({ min: 0, max: 90_000 }), energyWh: fc.integer({ min: 0, max: 80_000 }) }),
  { nil: undefined },
);
const withWishes = (problems: typeof anyProblem) =>
  fc.tuple(problems, fc.array(wish, { minLength: 8, maxLength: 8 })).map(([problem, wishes]) => ({
    ...problem,
    sessions: problem.sessions.map((session, index) => {
      const wished = wishes[index];
      return wished === undefined ? session : { ...session, wish: wished };
    }),
  }));

describe('the list of strategies', () => {
  it('has every file of its folder, each with a name of its own', () => {
    const files = readdirSync(folder).filter((name) => name !== 'index.ts');
    expect(strategies.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
  });
});

describe.each(strategies.map(({ name, about }) => ({ name, about })))('strategy $name', ({ name, about }) => {
  it('says what it is good for', () => {
    expect(about).toMatch(/^[A-Z].+\.$/);
  });

  it('exceeds no constraint, gives nobody more than the maximum, and less than the minimum only as a pause', () => {
    fc.assert(
      fc.property(withWishes(anyProblem), (problem) => {
        const { constraints, setpoints } = allocate({ ...problem, strategy: name });
        const limits = new Map(setpoints.map(({ id, limitW }) => [id, limitW]));
        for (const { capacity, members, factors } of constraints) {
          const load = members.reduce((sum, id, m) => sum + (factors?.[m] ?? 1) * (limits.get(id) ?? 0), 0);
          expect(load).toBeLessThanOrEqual(capacity + 1e-6);
        }
        for (const { id, minW, upperBounds } of problem.sessions) {
          const limitW = limits.get(id) ?? Number.NaN;
          const mostW = Math.max(Math.ceil(minW / 10) * 10, Math.min(...upperBounds.map(({ powerW }) => powerW)));
          expect(limitW === 0 || (limitW >= minW && limitW <= mostW)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the same whatever the order of sessions', () => {
    fc.assert(
      fc.property(withWishes(anyProblem), (problem) => {
        const limitsOf = (sessions: typeof problem.sessions) =>
          Object.fromEntries(
            allocate({ ...problem, sessions, strategy: name }).setpoints.map(({ id, limitW }) => [id, limitW]),
          );
        expect(limitsOf(problem.sessions.toReversed())).toEqual(limitsOf(problem.sessions));
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves nothing unused that somebody could take', () => {
    fc.assert(
      fc.property(withWishes(simpleProblem), (problem) => {
        const { setpoints, effectiveBudgetW } = allocate({ ...problem, strategy: name });
        const leftW = effectiveBudgetW - setpoints.reduce((sum, { limitW }) => sum + limitW, 0);
        for (const { id, limitW } of setpoints) {
          const bounds = problem.sessions.find((session) => session.id === id)?.upperBounds ?? [];
          const mostW = Math.floor(Math.min(...bounds.map(({ powerW }) => powerW)) / 10) * 10;
          if (limitW > 0 && limitW < mostW) expect(leftW).toBe(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
