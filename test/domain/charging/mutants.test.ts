import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSetpointCase } from '../../../cli/what-if/read-setpoint-case.ts';
import { allocate } from '../../../domain/charging/allocate.ts';
import type { AllocationProblem } from '../../../domain/charging/allocation-problem.ts';
import { bounded } from '../../../domain/charging/bounded.ts';
import { budgetOf } from '../../../domain/charging/budget.ts';
import { fieldReader } from '../../../domain/kernel/field-reader.ts';

/**
 * Allocators with the mistakes that published recipes and first attempts make. Each must give a wrong answer to a reference
 * case; otherwise the cases would not notice the mistake in ours.
 */
type Limits = Readonly<Record<string, number>>;
type Allocator = (problem: AllocationProblem) => Limits;

type Golden = { readonly id: string; readonly expected: { readonly allocations: Limits } };
const file = new URL('../../../data/golden/setpoints.json', import.meta.url);
const written: readonly Golden[] = JSON.parse(readFileSync(file, 'utf8')).cases;

/** Rules that the reference cases do not try: who waits longest goes first, and the margin. */
const own: readonly (Golden & Record<string, unknown>)[] = [
  {
    id: 'waits-longest',
    site: { limitKw: 5, siteKw: 0, evKw: 0 },
    sessions: [
      { id: 'a', maxKw: 22, minKw: 4.14 },
      { id: 'b', maxKw: 22, minKw: 4.14, waitingSec: 60 },
    ],
    expected: { allocations: { a: 0, b: 5 } },
  },
  {
    id: 'better-priority',
    site: { limitKw: 5, siteKw: 0, evKw: 0 },
    sessions: [
      { id: 'a', maxKw: 22, minKw: 4.14 },
      { id: 'b', maxKw: 22, minKw: 4.14, priority: 1 },
    ],
    expected: { allocations: { a: 0, b: 5 } },
  },
  {
    id: 'margin',
    site: { limitKw: 20, marginPct: 0.1, siteKw: 0, evKw: 0 },
    sessions: [{ id: 'a', maxKw: 22, minKw: 4.14 }],
    expected: { allocations: { a: 18 } },
  },
];
const cases = [...written, ...own].map((golden) => ({
  expected: golden.expected.allocations,
  problem: readSetpointCase(fieldReader(golden)),
}));

const correct: Allocator = (problem) =>
  Object.fromEntries(allocate(problem).setpoints.map(({ id, limitW }) => [id, limitW / 1000]));

const headroomW = ({ site: { limitW, load } }: AllocationProblem): number =>
  load.kind === 'measured' ? Math.max(0, limitW - load.siteW) : 0;

const effectiveW = (problem: AllocationProblem): number => {
  const bounds = problem.sessions.map(bounded);
  const sum = (of: 'minW' | 'maxW'): number => bounds.reduce((total, bound) => total + bound[of], 0);
  return budgetOf(problem, { minW: sum('minW'), maxW: sum('maxW') }).effectiveBudgetW;
};

const each = (problem: AllocationProblem, share: (maxW: number, bid: number) => number): Limits =>
  Object.fromEntries(
    problem.sessions.map((session) => {
      const { maxW } = bounded(session);
      return [session.id, Math.round(share(maxW, session.bid ?? 1) / 10) / 100];
    }),
  );

const mutants: Readonly<Record<string, Allocator>> = {
  'the recipe: headroom per session, at least 3 kW, clipped': (problem) => {
    const { sessions, tier, curtailments = [] } = problem;
    const cut = curtailments.reduce(
      (share, each) => (each.kind === 'share' ? share * (1 - each.percent / 100) : share),
      1,
    );
    const count = sessions.length === 1 ? Number.NaN : sessions.length;
    const share = Math.max(3000, (headroomW(problem) / count) * cut * (tier?.factor ?? 1) || 0);
    return each(problem, (maxW) => Math.min(maxW, share));
  },
  'headroom as budget': (problem) =>
    correct({
      ...problem,
      site: { limitW: headroomW(problem), load: { kind: 'measured', siteW: 0, chargingW: 0 } },
    }),
  'equal shares, clipped and not shared out again': (problem) =>
    each(problem, (maxW) => Math.min(maxW, effectiveW(problem) / problem.sessions.length)),
  'plain proportion to the rating': (problem) => {
    const sum = problem.sessions.reduce((total, session) => total + bounded(session).maxW, 0);
    return each(problem, (maxW) => Math.min(maxW, (effectiveW(problem) * maxW) / sum));
  },
  'without circuits': (problem) => correct({ ...problem, circuits: [] }),
  'without phases': ({ phases: _, ...problem }) => correct(problem),
  'without what cars take': (problem) =>
    correct({
      ...problem,
      sessions: problem.sessions.map((session) => ({ ...session, upperBounds: [session.upperBounds[0]] })),
    }),
  'without curtailment': (problem) => correct({ ...problem, curtailments: [] }),
  'curtailment that always pauses': (problem) =>
    correct({
      ...problem,
      curtailments: (problem.curtailments ?? []).map((cut) =>
        cut.kind === 'share' ? { ...cut, keepsMinimums: false } : cut,
      ),
    }),
  'without price tier': ({ tier: _, ...problem }) => correct(problem),
  'without weights': (problem) =>
    correct(problem.strategy === 'bid-weighted' ? { ...problem, strategy: 'equal' } : problem),
  'with weights where all are equal': (problem) =>
    correct(problem.strategy === 'equal' ? { ...problem, strategy: 'bid-weighted' } : problem),
  'without departures': (problem) =>
    correct({ ...problem, sessions: problem.sessions.map(({ wish: _, ...session }) => session) }),
  'without rotation': (problem) =>
    correct({ ...problem, sessions: problem.sessions.map(({ waitingSec: _, ...session }) => session) }),
  'without priorities': (problem) =>
    correct({ ...problem, sessions: problem.sessions.map(({ priority: _, ...session }) => session) }),
  'without reserving what is not controlled': (problem) => correct({ ...problem, reserved: [] }),
  'without margin': (problem) => correct({ ...problem, site: { ...problem.site, marginShare: 0 } }),
  'rounded down and the rest lost': (problem) => {
    const limits = correct(problem);
    const least = Math.min(...Object.values(limits).filter((kw) => kw > 0));
    return Object.fromEntries(
      Object.entries(limits).map(([id, kw]) => [id, Math.abs(kw - least - 0.01) < 1e-9 ? least : kw]),
    );
  },
};

const wrongAnswers = (allocator: Allocator): number =>
  cases.filter(({ problem, expected }) => {
    const found = allocator(problem);
    return Object.entries(expected).some(([id, kw]) => !(Math.abs((found[id] ?? Number.NaN) - kw) < 1e-9));
  }).length;

describe('the reference cases', () => {
  it('are all answered by ours', () => {
    expect(wrongAnswers(correct)).toBe(0);
  });

  it.each(Object.entries(mutants))('find an allocator with this mistake: %s', (_, allocator) => {
    expect(wrongAnswers(allocator)).toBeGreaterThan(0);
  });
});
