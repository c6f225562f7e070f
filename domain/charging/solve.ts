import { type Admission, admit } from './admission.ts';
import type { Constraint } from './allocation.ts';
import type { AllocationProblem } from './allocation-problem.ts';
import { type Budget, budgetOf } from './budget.ts';
import { type Claimant, claimantsOf } from './claimants-of.ts';
import { type ConstraintTable, constraintTable } from './constraint-table.ts';
import { constraintsOf, type PhaseCurrents } from './constraints-of.ts';
import type { ControlledSession } from './controlled-session.ts';
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

/** The admitted by rank, lowest first. */
const groupsByRank = (claimants: readonly Claimant[], { refusedBy }: Admission): readonly Int32Array[] => {
  const groups = new Map<number, number[]>();
  for (const [index, { rank }] of claimants.entries()) {
    if ((refusedBy[index] ?? -1) >= 0) continue;
    const group = groups.get(rank);
    if (group === undefined) groups.set(rank, [index]);
    else group.push(index);
  }
  return [...groups].toSorted(([a], [b]) => a - b).map(([, group]) => Int32Array.from(group));
};

const columnOf = <Row>(rows: readonly Row[], value: (row: Row) => number): Float64Array => {
  const column = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index];
    if (row !== undefined) column[index] = value(row);
  }
  return column;
};

/** Bounds, budget, admission and filling, with the phases the sessions have now. */
export const solve = (
  problem: AllocationProblem,
  sessions: readonly ControlledSession[],
  carriedA?: PhaseCurrents,
): Solution => {
  const claimants = claimantsOf(sessions, problem.strategy, problem.periodSec ?? 60);
  const minW = columnOf(claimants, (claimant) => claimant.minW);
  const maxW = columnOf(claimants, (claimant) => claimant.maxW);
  const sum = (powers: Float64Array): number => powers.reduce((total, powerW) => total + powerW, 0);
  const budget = budgetOf(problem, { minW: sum(minW), maxW: sum(maxW) });
  const ids = sessions.map(({ id }) => id);
  const constraints = constraintsOf(problem, sessions, ids, budget, carriedA);
  const table = constraintTable(constraints, ids);
  const admission = admit(claimants, minW, table, problem.turnSec);
  const filling = {
    ids,
    minW,
    maxW,
    weight: columnOf(claimants, ({ weight }) => weight),
    stepW: columnOf(sessions, ({ stepW = QUANTUM_W }) => stepW),
    amountW: admission.amountW,
    load: admission.load,
  };
  for (const group of groupsByRank(claimants, admission)) fillUp({ ...filling, group }, table);
  return { problem, budget, claimants, constraints, table, admission };
};
