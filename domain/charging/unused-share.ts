import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { UpperBound } from './controlled-session.ts';

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
  /** Samples in a row that were below what was expected by more than the threshold. */
  readonly below: number;
  readonly at: number;
  /** The sample that lowered the bound, W. */
  readonly lowered?: { readonly limitW: number; readonly measuredW: number };
  /** The part of any limit that it takes, where it keeps below each: one phase of three, or a cautious car. */
  readonly takesShare?: number;
};

export const nothingUnused: UnusedShare = { below: 0, at: 0 };

/**
 * Below its limit by more than the larger of these, a car leaves power unused. A share as well as watts: a large charger draws some percent less than it is offered, and wants more all the same.
 */
const UNUSED_W = 1000;
const UNUSED_SHARE = 0.05;
/** So much more than it takes is left to a car that was lowered. */
const MARGIN_W = 1000;
const MARGIN_SHARE = 0.02;
/** So close to its limit, a car is kept from more by nothing but the limit. */
const NEAR_W = 200;
const NEAR_SHARE = 0.015;
/** One sample may be a hiccup of the car or the meter, unless the car says so itself. */
const SAMPLES_BEFORE_LOWERING = 2;

/** Whether a car takes all it is given, so that nothing but its limit keeps it from more. */
export const isNearLimit = ({ limitW, measuredW }: Pick<UseSample, 'limitW' | 'measuredW'>): boolean =>
  limitW - measuredW <= Math.max(NEAR_W, NEAR_SHARE * limitW);

const unusedW = (powerW: number): number => Math.max(UNUSED_W, UNUSED_SHARE * powerW);

/** Parts of two limits that differ by less are the same. */
const SAME_SHARE = 0.025;
/** A limit is another one when it is lower by more than this part. */
const OTHER_LIMIT = 0.05;

/**
 * The part that a car takes of any limit, if this sample shows one: lowered to a little more than it took, a car that is full would
 * still take that; one that takes less again, and the same part as before, keeps below whatever it is offered.
 */
const shareTaken = ({ lowered }: UnusedShare, { limitW, measuredW }: UseSample): number | undefined => {
  if (lowered === undefined || lowered.measuredW < UNUSED_W) return undefined;
  if (limitW > (1 - OTHER_LIMIT) * lowered.limitW || limitW < lowered.measuredW) return undefined;
  const [share, before] = [measuredW / limitW, lowered.measuredW / lowered.limitW];
  return Math.abs(share - before) <= SAME_SHARE * before ? share : undefined;
};

/**
 * Lowers the bound of a car that leaves power unused to a little more than it takes, after two fresh samples, and takes the
 * bound away as soon as the car, given all of it, comes near what is expected of it (after the ramp-down of the ACN research portal, whose single
 * amperes would keep a fast charger waiting for half an hour). A car that takes the same part of any limit is expected to take
 * that: lowering it would make it take less each time. A sample that is older than the last one changes nothing.
 */
export const noteUse = (known: UnusedShare, sample: UseSample): UnusedShare => {
  const { at, limitW, measuredW, isSuspended = false } = sample;
  // A car that is paused shows nothing of what it would take.
  if (at <= known.at || limitW === 0) return known;
  const takesShare = isSuspended ? undefined : shareTaken(known, sample);
  if (takesShare !== undefined) return { below: 0, at, takesShare };
  const { boundW, lowered } = known;
  const expectedW = limitW * (known.takesShare ?? 1);
  const isMore = measuredW > (1 + SAME_SHARE) * expectedW;
  const learnt = omitUndefined({ takesShare: isMore ? undefined : known.takesShare });
  const leftW = expectedW - measuredW;
  if (leftW > unusedW(expectedW)) {
    const below = known.below + 1;
    return isSuspended || below >= SAMPLES_BEFORE_LOWERING
      ? {
          below,
          at,
          boundW: measuredW + Math.max(MARGIN_W, MARGIN_SHARE * measuredW),
          lowered: { limitW, measuredW },
          ...learnt,
        }
      : { below, at, ...learnt, ...omitUndefined({ boundW, lowered }) };
  }
  const isNear = leftW <= Math.max(NEAR_W, NEAR_SHARE * limitW);
  // Taking all of less than its bound, while others are served, says nothing of what the car could take above it.
  const isAtBound = boundW !== undefined && isNearLimit({ limitW: boundW, measuredW: Math.max(limitW, measuredW) });
  return { below: 0, at, ...learnt, ...omitUndefined({ boundW: isNear && isAtBound ? undefined : boundW, lowered }) };
};

/** The upper bound that follows from how much a car takes, if any. */
export const unusedBound = ({ boundW }: UnusedShare): UpperBound | undefined =>
  boundW === undefined ? undefined : { by: 'unused', powerW: boundW };
