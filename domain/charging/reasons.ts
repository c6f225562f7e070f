import { hasTurn } from './admission.ts';
import type { Reason } from './allocation.ts';
import { lowestBound } from './bounds.ts';
import { TOLERANCE_W } from './progressive-filling.ts';
import type { Solution } from './solve.ts';
import { QUANTUM_W } from './step.ts';

/** Constraints without room for more of session i, the one with the fewest members first: it tells most. */
const fullFor = ({ table, admission, constraints }: Solution, i: number, moreW: number): readonly Reason[] => {
  const { capacity, start, constraintAt, factorAt, members } = table;
  const full: number[] = [];
  for (let m = start[i] ?? 0; m < (start[i + 1] ?? 0); m += 1) {
    const k = constraintAt[m] ?? 0;
    if ((admission.load[k] ?? 0) + (factorAt[m] ?? 0) * moreW > (capacity[k] ?? 0) + TOLERANCE_W) full.push(k);
  }
  return full
    .sort((a, b) => (members[a]?.length ?? 0) - (members[b]?.length ?? 0))
    .flatMap((k) => constraints[k]?.reason ?? []);
};

/** What shaped the share beside the limits. */
const shapedBy = ({ problem, claimants, admission }: Solution, i: number): readonly Reason[] => {
  const claimant = claimants[i];
  if (claimant === undefined) return [];
  const { session, minW, maxW } = claimant;
  const reasons: Reason[] = [];
  const { bid, wish, priority } = session;
  if (problem.strategy === 'bid-weighted' && bid !== undefined) reasons.push({ kind: 'bid', bid });
  if (problem.strategy === 'priority' && priority !== undefined) reasons.push({ kind: 'priority', priority });
  const isByDeparture = problem.strategy === 'least-laxity' || problem.strategy === 'earliest-departure';
  if (isByDeparture && wish !== undefined) reasons.push({ kind: 'departure' });
  if (admission.amountW[i] === minW && minW < maxW) reasons.push({ kind: 'minimum' });
  const [phase, ...others] = session.phases ?? [];
  if (session.singlePhase !== undefined && phase !== undefined && others.length === 0)
    reasons.push({ kind: 'single-phase', phase });
  return reasons;
};

/** Why session i has what it has: first why it is not more. */
export const reasonsOf = (solution: Solution, i: number): readonly [Reason, ...Reason[]] => {
  const { claimants, admission, constraints, budget } = solution;
  const claimant = claimants[i];
  if (claimant === undefined) return [budget.reason];
  const { session, maxW } = claimant;
  const amountW = admission.amountW[i] ?? 0;
  const refusedBy = constraints[admission.refusedBy[i] ?? -1];
  if (refusedBy !== undefined) {
    const isOvertaken = claimants.some(
      (other, index) => (admission.refusedBy[index] ?? -1) < 0 && hasTurn(other) && other.minW >= claimant.minW,
    );
    return [{ kind: 'pause' }, refusedBy.reason, ...(isOvertaken ? [{ kind: 'rotation' } as const] : [])];
  }
  const stepW = session.stepW ?? QUANTUM_W;
  const [first, ...others] =
    amountW + stepW > maxW + TOLERANCE_W
      ? [{ kind: session.suspended ? 'unused' : lowestBound(session.upperBounds).by } as const]
      : fullFor(solution, i, stepW);
  return [first ?? budget.reason, ...others, ...shapedBy(solution, i)];
};
