import type { AllocationProblem } from './allocation-problem.ts';
import { bounded } from './bounded.ts';
import type { ControlledSession } from './controlled-session.ts';
import { ceilTo, QUANTUM_W } from './step.ts';
import { strategies } from './strategies/index.ts';
import { ALIKE, type BoundedSession, type Claim, type Strategy } from './strategy.ts';

const strategyNamed = (name: AllocationProblem['strategy']): Strategy => {
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
