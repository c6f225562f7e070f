import type { Allocation, Setpoint } from './allocation.ts';
import type { AllocationProblem } from './allocation-problem.ts';
import { gridPhases, type PhaseCurrents, unevenCurrents } from './constraints-of.ts';
import type { ControlledSession } from './controlled-session.ts';
import { onSinglePhase, switchedDown } from './on-single-phase.ts';
import { reasonsOf } from './reasons-of.ts';
import { type Solution, solve } from './solve.ts';
import { QUANTUM_W } from './step.ts';

const currentsOf = ({ problem, claimants, admission }: Solution): PhaseCurrents | undefined => {
  const { phases, reserved = [] } = problem;
  if (phases === undefined) return undefined;
  const drawing = claimants.map(({ session }, index) => ({
    id: session.id,
    phases: session.phases ?? [],
    limitW: admission.amountW[index] ?? 0,
  }));
  return unevenCurrents(phases, reserved, drawing);
};

const spreadA = (currents: PhaseCurrents): number => {
  const values = gridPhases.map((phase) => currents[phase]);
  return Math.max(...values) - Math.min(...values);
};

const totalW = ({ admission }: Solution): number => admission.amountW.reduce((sum, powerW) => sum + powerW, 0);

const UNBALANCE_ROUNDS = 8;
const UNBALANCE_NOISE_A = 1e-6;

/**
 * Phases may differ by so much: each pass lets a phase rise above what the pass before gave the lowest other one. Only a
 * pass that keeps the limit, and gives more in all, replaces the one before.
 */
const balanced = (first: Solution, sessions: readonly ControlledSession[]): Solution => {
  const limitA = first.problem.phases?.unbalanceA;
  let best = first;
  for (let round = 0; limitA !== undefined && round < UNBALANCE_ROUNDS; round += 1) {
    const next = solve(best.problem, sessions, currentsOf(best));
    const currents = currentsOf(next);
    if (currents === undefined || spreadA(currents) > limitA + UNBALANCE_NOISE_A || totalW(next) <= totalW(best)) break;
    best = next;
  }
  return best;
};

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
