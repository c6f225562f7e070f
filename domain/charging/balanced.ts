import { precedence } from './admission.ts';
import type { Claimant } from './claimants-of.ts';
import { gridPhases, type PhaseCurrents, unevenCurrents } from './constraints-of.ts';
import type { ControlledSession } from './controlled-session.ts';
import { type Solution, solve } from './solve.ts';

/** What the phases carry unevenly where session i of a solution draws so much, by default what it is given. A. */
export const currentsOf = (
  { problem, claimants, admission }: Solution,
  powerW = (index: number): number => admission.amountW[index] ?? 0,
): PhaseCurrents | undefined => {
  const { phases, reserved = [] } = problem;
  if (phases === undefined) return undefined;
  const drawing = claimants.map(({ session }, index) => ({
    id: session.id,
    phases: session.phases ?? [],
    limitW: powerW(index),
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

const isAdmitted = ({ admission }: Solution, index: number): boolean => (admission.refusedBy[index] ?? -1) < 0;

/**
 * Whether a pass is better than another: by whoever goes first of those that only one of both admits, and where both admit the
 * same by the power of all.
 */
const isBetter = (one: Solution, other: Solution): boolean => {
  let [decisive, isByOne]: [Claimant | undefined, boolean] = [undefined, totalW(one) > totalW(other)];
  for (const [index, claimant] of one.claimants.entries()) {
    if (isAdmitted(one, index) === isAdmitted(other, index)) continue;
    if (decisive !== undefined && precedence(decisive, claimant, one.problem.turnSec) < 0) continue;
    [decisive, isByOne] = [claimant, isAdmitted(one, index)];
  }
  return isByOne;
};

/**
 * Phases may differ by so much: a pass lets a phase rise above what the lowest other one is expected to carry. Where that comes
 * out lower, it is done again with the least that is sure then: the minimums of the admitted.
 */
const balancedPass = (
  { problem }: Solution,
  sessions: readonly ControlledSession[],
  limitA: number,
  expectedA: PhaseCurrents | undefined,
): Solution | undefined => {
  const isKept = (solution: Solution): boolean => {
    const currents = currentsOf(solution);
    return currents !== undefined && spreadA(currents) <= limitA + UNBALANCE_NOISE_A;
  };
  const hopeful = solve(problem, sessions, expectedA);
  if (isKept(hopeful)) return hopeful;
  const leastW = (index: number): number => (isAdmitted(hopeful, index) ? (hopeful.claimants[index]?.minW ?? 0) : 0);
  const careful = solve(problem, sessions, currentsOf(hopeful, leastW));
  return isKept(careful) ? careful : undefined;
};

/**
 * The best of passes that keep the difference allowed between phases: one expects everybody's minimum, each of the others
 * what the best one so far gives.
 */
export const balanced = (first: Solution, sessions: readonly ControlledSession[]): Solution => {
  const limitA = first.problem.phases?.unbalanceA;
  if (limitA === undefined) return first;
  const everybody = currentsOf(first, (index) => first.claimants[index]?.minW ?? 0);
  const admitting = balancedPass(first, sessions, limitA, everybody);
  let best = admitting !== undefined && isBetter(admitting, first) ? admitting : first;
  for (let round = 0; round < UNBALANCE_ROUNDS; round += 1) {
    const next = balancedPass(best, sessions, limitA, currentsOf(best));
    if (next === undefined || !isBetter(next, best)) break;
    best = next;
  }
  return best;
};
