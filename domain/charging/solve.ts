import { type Admission, admit } from './admission.ts';
import type { Constraint } from './allocation.ts';
import type { AllocationProblem } from './allocation-problem.ts';
import { type Claimant, claimantsOf } from './bounds.ts';
import { type Budget, budgetOf } from './budget.ts';
import type { ControlledSession } from './charging-session.ts';
import { type ConstraintTable, constraintTable } from './constraint-table.ts';
import { constraintsOf, type PhaseCurrents } from './constraints.ts';
import { fillUp } from './progressive-filling.ts';
import { QUANTUM_W } from './step.ts';

/** What one pass over a problem found: everything reasons are read from. */
export type Solution = {
  readonly problem: AllocationProblem;
  readonly budget: Budget;
  readonly claimants: readonly Claimant[];
  readonly constraints: readonly Constraint[];
  readonly table: ConstraintTable;
  readonly admission: Admission;
};

const groupsByRank = (claimants: readonly Claimant[], { refusedBy }: Admission): readonly Int32Array[] => {
  const admitted = claimants.flatMap((_, index) => ((refusedBy[index] ?? -1) < 0 ? [index] : []));
  const byRank = Map.groupBy(admitted, (index) => claimants[index]?.rank ?? 0);
  return [...byRank].toSorted(([a], [b]) => a - b).map(([, group]) => Int32Array.from(group));
};

/** Bounds, budget, admission and filling, with the phases the sessions have now. */
export const solve = (
  problem: AllocationProblem,
  sessions: readonly ControlledSession[],
  carriedA?: PhaseCurrents,
): Solution => {
  const claimants = claimantsOf(sessions, problem.strategy, problem.periodSec ?? 60);
  const sums = claimants.reduce((sum, { minW, maxW }) => ({ minW: sum.minW + minW, maxW: sum.maxW + maxW }), {
    minW: 0,
    maxW: 0,
  });
  const budget = budgetOf(problem, sums);
  const constraints = constraintsOf(problem, sessions, budget, carriedA);
  const ids = sessions.map(({ id }) => id);
  const table = constraintTable(constraints, ids);
  const admission = admit(claimants, table);
  const filling = {
    ids,
    minW: Float64Array.from(claimants, ({ minW }) => minW),
    maxW: Float64Array.from(claimants, ({ maxW }) => maxW),
    weight: Float64Array.from(claimants, ({ weight }) => weight),
    stepW: Float64Array.from(sessions, ({ stepW = QUANTUM_W }) => stepW),
    amountW: admission.amountW,
    load: admission.load,
  };
  for (const group of groupsByRank(claimants, admission)) fillUp({ ...filling, group }, table);
  return { problem, budget, claimants, constraints, table, admission };
};
