import { MINUTE_MS } from '../kernel/durations.ts';
import type { GridPhase } from '../registry/electrics.ts';

/** What is known of the limit of one session at its station. Instants are ms since the epoch. */
export type LimitState = {
  readonly id: string;
  /** Phases its car draws on under what it holds, or goes to by what is on its way; absent for direct current. */
  readonly phases?: readonly GridPhase[];
  /** What holds at the station when nothing else does (its TxDefault profile), W. */
  readonly fallbackW: number;
  /** What the station last accepted. `validUntil` absent: until the transaction ends. */
  readonly accepted?: StationLimit & { readonly at: number };
  /** What was sent and not answered yet, or answered by nothing: it may hold or not. */
  readonly inFlight?: StationLimit & { readonly sentAt: number };
  /** What the station refused, until it accepts something. */
  readonly refused?: { readonly limitW: number; readonly at: number };
  /** When it was last told more than it held. */
  readonly raisedAt?: number;
  /** When it is to be told again, as it is not certain what it holds, ms since the epoch. */
  readonly askAgainAt?: number;
};

export type StationLimit = { readonly limitW: number; readonly validUntil?: number };

/** How limits are sent; durations in ms. */
export type ActuationPolicy = {
  /** A limit this close to its share may stand, as a part of the share or in watts, whichever is more. */
  readonly standShare: number;
  readonly standW: number;
  /** What is kept free of each limit, as a part of it, so that a little less of it needs no command. */
  readonly spareShare: number;
  /** More than this part of a limit, and more than so much, is not left unused. */
  readonly idleShare: number;
  readonly idleW: number;
  /** So much above what its car can use a limit may be, while others are short. */
  readonly unusedW: number;
  /** Between two increases of a session: decreases go at once, and what one took can be given back at once. */
  readonly minimumIntervalMs: number;
  /** Validity of a limit above the fall-back: short, since without us the station must come down. Refreshed at half of it. */
  readonly validityMs: number;
  /** Validity of a limit at or below the fall-back: long, since its end sets nobody at risk. Renewed shortly before it. */
  readonly lowValidityMs: number;
  /** A station that has not answered for so long may hold the old limit or the new one. */
  readonly timeoutMs: number;
  /** After a refusal the station is left alone for so long. */
  readonly retryRefusedMs: number;
};

export const usualPolicy: ActuationPolicy = {
  standShare: 0.25,
  standW: 1_000,
  spareShare: 0.002,
  idleShare: 0.02,
  idleW: 1_000,
  unusedW: 500,
  minimumIntervalMs: MINUTE_MS,
  validityMs: 15 * MINUTE_MS,
  lowValidityMs: 12 * 60 * MINUTE_MS,
  timeoutMs: MINUTE_MS / 2,
  retryRefusedMs: 5 * MINUTE_MS,
};

const inForceW = ({ limitW, validUntil = Number.POSITIVE_INFINITY }: StationLimit, fallbackW: number, now: number) =>
  now < validUntil ? limitW : fallbackW;

/** What the station holds as far as it has said, W: what it last accepted while that is valid, otherwise the fall-back. */
export const heldW = ({ accepted, fallbackW }: LimitState, now: number): number =>
  accepted === undefined ? fallbackW : inForceW(accepted, fallbackW, now);

/** The most that may hold at the station, W: what it said it holds, or what is on its way if that is more. */
export const committedW = (state: LimitState, now: number): number =>
  state.inFlight === undefined
    ? heldW(state, now)
    : Math.max(heldW(state, now), inForceW(state.inFlight, state.fallbackW, now));

/** What will hold when what is on its way has been accepted, W. */
export const expectedW = (state: LimitState, now: number): number =>
  state.inFlight === undefined ? heldW(state, now) : inForceW(state.inFlight, state.fallbackW, now);

/** Until when the station does not do as told, ms since the epoch; undefined if nothing speaks against another command. */
export const unresponsiveUntil = (
  { inFlight, refused }: LimitState,
  now: number,
  { timeoutMs, retryRefusedMs }: ActuationPolicy,
): number | undefined => {
  if (inFlight !== undefined && now - inFlight.sentAt >= timeoutMs) return Number.POSITIVE_INFINITY;
  return refused !== undefined && now - refused.at < retryRefusedMs ? refused.at + retryRefusedMs : undefined;
};
