import { DAY_MS, HARDLY_OFF_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import type { Fact } from '../kernel/fact.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import type { StationState } from './station-state.ts';

/** Below this a clock is as good as right: orders and windows bear it. */
const TOLERATED_MS = 5 * MINUTE_MS;
const ENOUGH_SAMPLES = 8;
/** A queue is delivered in a burst, and its stamps can stand at one distance too: samples must lie apart. */
const SAMPLE_SPACING_MS = 30 * SECOND_MS;
/** No time zone or forgotten summer time is further off than this; older stamps are history. */
const MOST_MS = DAY_MS + 2 * HOUR_MS;

const isStamped = (fact: Fact): boolean => fact.clock === 'charger' || fact.stampedAt !== undefined;
const stampOf = (fact: Fact): number => fact.stampedAt ?? fact.at;
/** Before this a stamp is that of a clock never set (1970, 2000), not of one that is off by hours. */
const PLAUSIBLE_FROM = Date.UTC(2010, 0, 1);

/** The fact with the station's learned clock offset taken out of its time, unless its own stamp is live and right. */
export const withRightTime = (fact: Fact, offsetMs: number | undefined): Fact => {
  const stamp = stampOf(fact);
  if (offsetMs === undefined || !isStamped(fact) || stamp < PLAUSIBLE_FROM) return fact;
  if (Math.abs(stamp - fact.receivedAt) <= HARDLY_OFF_MS) return fact;
  const at = stamp - offsetMs;
  return at > fact.receivedAt + HARDLY_OFF_MS ? fact : { ...fact, at, stampedAt: stamp };
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const distanceOf = (facts: readonly Fact[]): number | undefined => {
  const stamped = facts.findLast((fact) => isStamped(fact) && stampOf(fact) >= PLAUSIBLE_FROM);
  return stamped && stampOf(stamped) - stamped.receivedAt;
};

/** Live messages of a wrong clock stand at the same distance; those of a queue do not. */
const areSteady = (samplesMs: readonly number[]): boolean =>
  Math.max(...samplesMs) - Math.min(...samplesMs) <= HARDLY_OFF_MS;

/**
 * Whether the last stamps stand at one distance from the time they came at, and it is not known yet why: the clock is wrong,
 * or a queue was delivered. Until later stamps tell, what it stamped before cannot be put in order with what came since.
 */
export const isClockInDoubt = ({ clockSamplesMs }: Pick<StationState, 'clockSamplesMs'>): boolean =>
  clockSamplesMs !== undefined && areSteady(clockSamplesMs);

const withoutSamples = ({ clockSamplesMs: _, clockSampledAt: __, ...state }: StationState): StationState => state;

/**
 * Learns a constant offset of the station's clock (a forgotten hour of summer time) from live messages: several stamps in a
 * row at the same distance. A right clock costs nothing: only distances that disagree with what is known are kept.
 */
export const clockLearned = (
  state: StationState,
  facts: readonly Fact[],
  receivedAt: number,
): Transition<StationState> => {
  const distanceMs = distanceOf(facts);
  if (distanceMs === undefined || Math.abs(distanceMs) > MOST_MS) return unchanged(state);
  const { clockOffsetMs, clockSamplesMs, clockSampledAt } = state;
  const isExpected =
    clockOffsetMs === undefined
      ? Math.abs(distanceMs) <= TOLERATED_MS
      : Math.abs(distanceMs - clockOffsetMs) <= HARDLY_OFF_MS;
  if (isExpected) return unchanged(clockSamplesMs ? withoutSamples(state) : state);
  if (clockSampledAt !== undefined && receivedAt - clockSampledAt < SAMPLE_SPACING_MS) return unchanged(state);
  const samples = [distanceMs, ...(clockSamplesMs ?? [])].slice(0, ENOUGH_SAMPLES);
  if (samples.length < ENOUGH_SAMPLES || !areSteady(samples)) {
    return unchanged({ ...state, clockSamplesMs: samples, clockSampledAt: receivedAt });
  }
  const offsetMs = median(samples);
  const { clockOffsetMs: _, ...rest } = withoutSamples(state);
  const isRight = Math.abs(offsetMs) <= TOLERATED_MS;
  return {
    next: isRight ? rest : { ...rest, clockOffsetMs: offsetMs },
    changes: [{ type: 'ClockSkewLearned', at: receivedAt, receivedAt, offsetMs: isRight ? 0 : offsetMs }],
  };
};
