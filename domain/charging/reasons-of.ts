import { hasTurn } from './admission.ts';
import type { Constraint, Reason } from './allocation.ts';
import { lowestBound } from './bounded.ts';
import type { Claimant } from './claimants-of.ts';
import { TOLERANCE_W } from './progressive-filling.ts';
import type { Solution } from './solve.ts';
import { QUANTUM_W } from './step.ts';
import type { StrategyName } from './strategies/index.ts';

/** Constraints without room for more of session i, the one with the fewest members first: it tells most. */
const fullFor = ({ table, admission, constraints }: Solution, i: number, moreW: number): readonly Constraint[] => {
  const { capacity, start, constraintAt, factorAt } = table;
  const full: Constraint[] = [];
  for (let m = start[i] ?? 0; m < (start[i + 1] ?? 0); m += 1) {
    const k = constraintAt[m] ?? 0;
    const constraint = constraints[k];
    const isFull = (admission.load[k] ?? 0) + (factorAt[m] ?? 0) * moreW > (capacity[k] ?? 0) + TOLERANCE_W;
    if (isFull && constraint !== undefined) full.push(constraint);
  }
  if (full.length > 1) full.sort((a, b) => a.members.length - b.members.length);
  return full;
};

/** Strategies in which it counts when a car leaves. */
const byDeparture: readonly StrategyName[] = ['earliest-departure', 'least-laxity', 'least-laxity-first'];

/** Adds what shaped the share beside the limits. */
const addShaping = (reasons: Reason[], { problem, admission }: Solution, claimant: Claimant, i: number): void => {
  const { session, minW, maxW } = claimant;
  const { bid, wish, priority } = session;
  if (problem.strategy === 'bid-weighted' && bid !== undefined) reasons.push({ kind: 'bid', bid });
  if (problem.strategy === 'priority' && priority !== undefined) reasons.push({ kind: 'priority', priority });
  if (byDeparture.includes(problem.strategy) && wish !== undefined) reasons.push({ kind: 'departure' });
  if (admission.amountW[i] === minW && minW < maxW) reasons.push({ kind: 'minimum' });
  const [phase, ...others] = session.phases ?? [];
  if (session.singlePhase !== undefined && phase !== undefined && others.length === 0)
    reasons.push({ kind: 'single-phase', phase });
};

/** The largest minimum among those that go on because their turn is not over, W. */
const heldByTurnsW = ({ problem, claimants, admission }: Solution): number =>
  claimants.reduce(
    (most, claimant, index) =>
      (admission.refusedBy[index] ?? -1) < 0 && hasTurn(claimant.session, problem.turnSec)
        ? Math.max(most, claimant.minW)
        : most,
    0,
  );

const pausedFor = (refusedBy: Constraint, isOvertaken: boolean): readonly [Reason, ...Reason[]] => {
  const pause: Reason = { kind: 'pause' };
  return isOvertaken ? [pause, refusedBy.reason, { kind: 'rotation' }] : [pause, refusedBy.reason];
};

/** Why each session has what it has, in the order of the claimants: first why it is not more. */
export const reasonsOf = (solution: Solution): readonly (readonly [Reason, ...Reason[]])[] => {
  const { claimants, admission, constraints, budget } = solution;
  const turnsW = heldByTurnsW(solution);
  return claimants.map((claimant, i) => {
    const { session, minW, maxW } = claimant;
    const refusedBy = constraints[admission.refusedBy[i] ?? -1];
    if (refusedBy !== undefined) return pausedFor(refusedBy, turnsW >= minW);
    const stepW = session.stepW ?? QUANTUM_W;
    const isAtMost = (admission.amountW[i] ?? 0) + stepW > maxW + TOLERANCE_W;
    const [full, ...others] = isAtMost ? [] : fullFor(solution, i, stepW);
    const atMost: Reason = { kind: session.suspended ? 'unused' : lowestBound(session.upperBounds).by };
    const reasons: [Reason, ...Reason[]] = [isAtMost ? atMost : (full?.reason ?? budget.reason)];
    for (const { reason } of others) reasons.push(reason);
    addShaping(reasons, solution, claimant, i);
    return reasons;
  });
};
