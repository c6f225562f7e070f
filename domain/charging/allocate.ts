import type { Allocation, Setpoint } from './allocation.ts';
import type { AllocationProblem } from './allocation-problem.ts';
import { balanced, currentsOf } from './balanced.ts';
import type { ControlledSession } from './controlled-session.ts';
import { onSinglePhase, switchedDown } from './on-single-phase.ts';
import { reasonsOf } from './reasons-of.ts';
import { type Solution, solve } from './solve.ts';
import { QUANTUM_W } from './step.ts';

const settled = (problem: AllocationProblem, sessions: readonly ControlledSession[]): Solution =>
  balanced(solve(problem, sessions), sessions);

const pausedIn = ({ claimants, admission }: Solution): readonly ControlledSession[] =>
  claimants.flatMap(({ session }, index) => (admission.amountW[index] === 0 ? [session] : []));

/**
 * Sessions that would be paused go on with a single phase where their station can switch. One that goes on so may take the
 * room of another that can: they are looked for until nobody is left, each of them once.
 */
const switchedWherePaused = (problem: AllocationProblem): Solution => {
  let sessions = problem.sessions.map(onSinglePhase);
  for (;;) {
    const solution = settled(problem, sessions);
    const switched = switchedDown(pausedIn(solution), problem.phases?.voltageV, currentsOf(solution));
    if (switched.size === 0) return solution;
    sessions = sessions.map((session) => switched.get(session.id) ?? session);
  }
};

/**
 * Who gets how much now, and why. Pure, and exact in multiples of each session's step (10 W): no limit is exceeded by a watt
 * and what rounding leaves is given out.
 *
 * A car gets its minimum or an explicit pause; above the minimums power is shared by the strategy, weighted max-min among
 * those that compete. The order of sessions and circuits does not matter. O(n log n) per constraint.
 */
export const allocate = (problem: AllocationProblem): Allocation => {
  const last = switchedWherePaused(problem);
  const { budget, claimants, constraints, admission } = last;
  const reasons = reasonsOf(last);
  const setpoints = claimants.map(({ session: { id, phases, stepW = QUANTUM_W }, minW, maxW }, index): Setpoint => {
    const limitW = admission.amountW[index] ?? 0;
    const setpoint = { id, limitW, minW, maxW, stepW, reasons: reasons[index] ?? [budget.reason] };
    return phases === undefined ? setpoint : { ...setpoint, phases };
  });
  return {
    budgetW: budget.budgetW,
    effectiveBudgetW: budget.effectiveBudgetW,
    capacityW: budget.capacityW,
    budgetReason: budget.reason,
    setpoints,
    paused: setpoints.flatMap(({ id, limitW }) => (limitW === 0 ? [id] : [])).sort(),
    constraints,
  };
};
