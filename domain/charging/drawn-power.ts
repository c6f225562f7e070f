import { SECOND_MS } from '../kernel/durations.ts';

/** A station and its car take this long to follow a new limit. */
export const SETTLE_MS = 20 * SECOND_MS;

/** The least and the most something can have been, W. */
export type Range = { readonly leastW: number; readonly mostW: number };

export const exactly = (powerW: number): Range => ({ leastW: powerW, mostW: powerW });

/** The power of a car at an instant, ms. */
type Sample = { readonly at: number; readonly powerW: number };

/** A limit as it is left to a car, W, when it was accepted or asked for, and when it was sent, ms. */
type LeftLimit = { readonly limitW: number; readonly at: number; readonly sentAt?: number };

/** What is known of the power of a car: what its meter told, and what moved it. */
export type MeteredSession = {
  readonly startedAt: number;
  /** The last two, the older one first. */
  readonly samples: readonly Sample[];
  readonly accepted?: LeftLimit;
  /** Accepted before it, the last ones at the end. */
  readonly earlier?: readonly LeftLimit[];
  /** Asked for and not answered: each may hold. */
  readonly inFlight?: LeftLimit;
  readonly unanswered?: readonly LeftLimit[];
  /** In force in place of what was accepted. */
  readonly overruled?: { readonly limitW: number };
  /** What it may draw before it is told a limit, W, as far as that is known. */
  readonly baseW?: number;
  /** The most it may draw now, W, where nobody can tell when it came down to that. */
  readonly mostW?: number;
};

/** Something that may have moved the power of a car: from when, and when that is over at the latest, ms. */
type Move = { readonly toW: number; readonly fromAt: number; readonly settledAt: number };

/** All that may have moved the power of a car until an instant: its start, limits in their order, and what was not answered. */
const movesUntil = (session: MeteredSession, until: number): readonly Move[] => {
  const { startedAt, accepted, earlier = [], inFlight, unanswered = [], baseW } = session;
  const fromAt = ({ sentAt, at }: LeftLimit): number => Math.min(at, sentAt ?? at);
  const held = accepted === undefined ? earlier : [...earlier, accepted];
  const open = inFlight === undefined ? unanswered : [...unanswered, inFlight];
  return [
    ...(baseW === undefined ? [] : [{ toW: baseW, fromAt: startedAt, settledAt: startedAt + SETTLE_MS }]),
    ...held.map((limit) => ({ toW: limit.limitW, fromAt: fromAt(limit), settledAt: limit.at + SETTLE_MS })),
    ...open.map((limit) => ({ toW: limit.limitW, fromAt: fromAt(limit), settledAt: Number.POSITIVE_INFINITY })),
  ].filter((move) => move.fromAt <= until);
};

/** The most that the limits of a car leave it at an instant, once it has followed them, W. */
const leftW = ({ mostW = Number.POSITIVE_INFINITY, overruled }: MeteredSession, moves: readonly Move[], at: number) => {
  const last = moves.findLastIndex(({ settledAt }) => settledAt <= at);
  if (last < 0) return mostW;
  const mayHoldW = moves.filter(({ settledAt }, index) => index >= last || settledAt > at).map(({ toW }) => toW);
  return Math.min(mostW, Math.max(...mayHoldW, overruled?.limitW ?? 0));
};

/** The most that its limits left a car at an instant, W; infinite where that is not known. */
export const leftByLimitsW = (session: MeteredSession, at: number): number =>
  at < session.startedAt ? 0 : leftW(session, movesUntil(session, at), at);

/** What samples tell of the power of a car at an instant, W: all it can have been. */
const possibleW = (session: MeteredSession, moves: readonly Move[], at: number): readonly number[] => {
  const { startedAt, samples } = session;
  const before = samples.findLast((sample) => sample.at <= at);
  const after = samples.find((sample) => sample.at > at);
  const since = moves.filter(({ settledAt }) => settledAt > (before?.at ?? startedAt));
  const isMovedUntil = after !== undefined && movesUntil(session, after.at).length > moves.length;
  if (after !== undefined && !isMovedUntil) {
    if (before !== undefined && since.length === 0) return [between(before, after, at)];
    if (since.every(({ settledAt }) => settledAt <= at)) return [after.powerW];
  }
  return [before?.powerW ?? 0, ...since.map(({ toW }) => toW)];
};

/** On a straight line. */
const between = (first: Sample, second: Sample, at: number): number =>
  first.powerW + ((second.powerW - first.powerW) * (at - first.at)) / (second.at - first.at);

/**
 * What a car drew at an instant, as far as its limits let it. Its meter speaks once a minute: limits that came since its last
 * sample, or shortly before it, may have moved it. What it draws beyond its limits is load like any other: only the limits are
 * reserved.
 */
export const drawnPower = (session: MeteredSession, at: number): Range => {
  if (at < session.startedAt) return exactly(0);
  const moves = movesUntil(session, at);
  const mostW = leftW(session, moves, at);
  const possible = possibleW(session, moves, at).map((powerW) => Math.min(powerW, mostW));
  return { leastW: Math.min(...possible), mostW: Math.max(...possible) };
};
