import type { UpperBound } from './charging-session.ts';

/** What a car took of what it was given, at one instant (ms since the epoch). */
export type UseSample = { readonly at: number; readonly limitW: number; readonly measuredW: number };

/** What is remembered of how much a car takes. */
export type UnusedShare = {
  /** The bound that follows, W; absent while the car takes what it is given. */
  readonly boundW?: number;
  /** Samples in a row that were below the limit by more than the threshold. */
  readonly below: number;
  readonly at: number;
};

export const nothingUnused: UnusedShare = { below: 0, at: 0 };

/** Below its limit by more than this, a car leaves power unused; what it may still add in one step. */
const THRESHOLD_W = 1000;
const INCREMENT_W = 1000;
/** One sample may be a hiccup of the car or the meter. */
const SAMPLES_BEFORE_LOWERING = 2;

/**
 * Lowers the bound of a car that leaves power unused to a little more than it takes, after two fresh samples; raises it at
 * once, step by step, when the car comes near it (the ramp-down of the ACN research portal). A sample that is older than the
 * last one changes nothing.
 */
export const noteUse = (known: UnusedShare, { at, limitW, measuredW }: UseSample): UnusedShare => {
  if (at <= known.at) return known;
  const isUnused = limitW - measuredW > THRESHOLD_W;
  if (!isUnused) {
    const { boundW } = known;
    const isNear = boundW !== undefined && boundW - measuredW <= THRESHOLD_W;
    if (boundW === undefined) return { below: 0, at };
    return { below: 0, at, boundW: isNear ? boundW + INCREMENT_W : boundW };
  }
  const below = known.below + 1;
  const lowered = measuredW + INCREMENT_W;
  if (below >= SAMPLES_BEFORE_LOWERING) return { below, at, boundW: lowered };
  return known.boundW === undefined ? { below, at } : { below, at, boundW: known.boundW };
};

/** The upper bound that follows from how much a car takes, if any. */
export const unusedBound = ({ boundW }: UnusedShare): UpperBound | undefined =>
  boundW === undefined ? undefined : { by: 'unused', powerW: boundW };
