import type { AllocationProblem } from './allocation-problem.ts';
import type { ControlledSession, UpperBound } from './controlled-session.ts';
import { ceilTo, floorTo, QUANTUM_W } from './step.ts';
import { strategies } from './strategies/index.ts';
import { ALIKE, type BoundedSession, type Claim, type Strategy } from './strategy.ts';

/** Upper bound of a battery near full: falls in a line from `fromPercent` to nothing at 100 %. W. */
export const taperW = (maxW: number, socPercent: number, fromPercent: number): number =>
  socPercent <= fromPercent ? maxW : (maxW * (100 - socPercent)) / (100 - fromPercent);

/** The bound that counts: the lowest; of equal ones the first named. */
export const lowestBound = ([first, ...others]: ControlledSession['upperBounds']): UpperBound => {
  let lowest = first;
  for (const bound of others) if (bound.powerW < lowest.powerW) lowest = bound;
  return lowest;
};

/** A session's bounds as multiples of its step: minimum up, maximum down but never below the minimum. */
export const bounded = (session: ControlledSession): BoundedSession => {
  const { stepW = QUANTUM_W, suspended = false } = session;
  const minW = ceilTo(stepW, session.minW);
  const mostW = suspended ? 0 : lowestBound(session.upperBounds).powerW;
  return { session, minW, maxW: Math.max(minW, floorTo(stepW, mostW)) };
};

export const strategyNamed = (name: AllocationProblem['strategy']): Strategy => {
  const found = strategies.find((strategy) => strategy.name === name);
  if (found === undefined) throw new Error(`No strategy is called ${String(name)}`);
  return found;
};

/** A session that takes part: its bounds, and what it claims beside the minimum. */
export type Claimant = BoundedSession & Pick<Claim, 'weight' | 'rank'>;

/** Who takes part, in the order given, with the minimums that the strategy lifts. */
export const claimantsOf = (
  sessions: readonly ControlledSession[],
  strategy: AllocationProblem['strategy'],
  periodSec: number,
): readonly Claimant[] => {
  const before = sessions.map(bounded);
  const claims = strategyNamed(strategy).claims(before, periodSec);
  return before.map(({ session, minW, maxW }, index) => {
    const { weight, rank, liftedMinW = 0 } = claims[index] ?? ALIKE;
    const needW = liftedMinW === 0 ? 0 : Math.min(maxW, ceilTo(session.stepW ?? QUANTUM_W, liftedMinW));
    return { session, minW: Math.max(minW, needW), maxW, weight, rank };
  });
};
