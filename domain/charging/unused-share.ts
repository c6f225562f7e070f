import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { UpperBound } from './charging-session.ts';

/** What a car took of what it was given, at one instant (ms since the epoch). */
export type UseSample = {
  readonly at: number;
  readonly limitW: number;
  readonly measuredW: number;
  /** The car itself says that it takes nothing. */
  readonly isSuspended?: boolean;
};

/** What is remembered of how much a car takes. */
export type UnusedShare = {
  /** The bound that follows, W; absent while the car takes what it is given. */
  readonly boundW?: number;
  /** Samples in a row that were below the limit by more than the threshold. */
  readonly below: number;
  readonly at: number;
};

export const nothingUnused: UnusedShare = { below: 0, at: 0 };

/**
 * Below its limit by more than the larger of these, a car leaves power unused; so much it may still add. A share as well as
 * watts: a large charger draws some percent less than it is offered, and wants more all the same.
 */
const UNUSED_W = 1000;
const UNUSED_SHARE = 0.05;
/** So close to its limit, a car is kept from more by nothing but the limit. */
const NEAR_W = 200;
const NEAR_SHARE = 0.015;
/** One sample may be a hiccup of the car or the meter, unless the car says so itself. */
const SAMPLES_BEFORE_LOWERING = 2;

const unusedW = (powerW: number): number => Math.max(UNUSED_W, UNUSED_SHARE * powerW);

/**
 * Lowers the bound of a car that leaves power unused to a little more than it takes, after two fresh samples, and takes the
 * bound away as soon as the car comes near its limit (after the ramp-down of the ACN research portal, whose single amperes
 * would keep a fast charger waiting for half an hour). A sample that is older than the last one changes nothing.
 */
export const noteUse = (known: UnusedShare, { at, limitW, measuredW, isSuspended = false }: UseSample): UnusedShare => {
  // A car that is paused shows nothing of what it would take.
  if (at <= known.at || limitW === 0) return known;
  const { boundW } = known;
  const leftW = limitW - measuredW;
  if (leftW > unusedW(limitW)) {
    const below = known.below + 1;
    return isSuspended || below >= SAMPLES_BEFORE_LOWERING
      ? { below, at, boundW: measuredW + unusedW(measuredW) }
      : { below, at, ...omitUndefined({ boundW }) };
  }
  const isNear = leftW <= Math.max(NEAR_W, NEAR_SHARE * limitW);
  return { below: 0, at, ...omitUndefined({ boundW: isNear ? undefined : boundW }) };
};

/** The upper bound that follows from how much a car takes, if any. */
export const unusedBound = ({ boundW }: UnusedShare): UpperBound | undefined =>
  boundW === undefined ? undefined : { by: 'unused', powerW: boundW };
