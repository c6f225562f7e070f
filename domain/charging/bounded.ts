import type { ControlledSession, UpperBound } from './controlled-session.ts';
import { ceilTo, floorTo, QUANTUM_W } from './step.ts';
import type { BoundedSession } from './strategy.ts';

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
