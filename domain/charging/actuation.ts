import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Allocation, Reason, Setpoint } from './allocation.ts';
import {
  type ActuationPolicy,
  committedW,
  expectedW,
  heldW,
  type LimitState,
  unresponsiveUntil,
  usualPolicy,
} from './limit-state.ts';
import { roomKeeper } from './room-keeper.ts';

/** A limit to send now. */
export type LimitCommand = {
  readonly id: string;
  readonly limitW: number;
  /** Ms since the epoch: afterwards the fall-back holds. */
  readonly validUntil: number;
  readonly change: 'decrease' | 'increase' | 'refresh';
  readonly reasons: readonly Reason[];
};

/** Why a setpoint that differs from what the station holds is not sent now. */
export type Held = {
  readonly id: string;
  readonly limitW: number;
  readonly because: 'awaits-decreases' | 'small' | 'interval' | 'in-flight' | 'refused';
};

export type ActuationPlan = {
  /** In the order to send them: decreases first. */
  readonly commands: readonly LimitCommand[];
  readonly held: readonly Held[];
  /** When time alone changes the plan, ms since the epoch. */
  readonly dueAt?: number;
};

export type ActuationInput = {
  readonly allocation: Allocation;
  /** One per session, of sessions without a setpoint too. */
  readonly limits: readonly LimitState[];
  readonly now: number;
  readonly policy?: ActuationPolicy;
};

type Change = {
  readonly state: LimitState;
  readonly setpoint: Setpoint;
  readonly heldW: number;
  /** When the limit that holds must be sent again, lest the fall-back takes its place; absent without a limit that ends. */
  readonly refreshAt?: number;
};

const changeOf = (state: LimitState, setpoint: Setpoint, now: number, { validityMs }: ActuationPolicy): Change => {
  const { accepted } = state;
  const held = heldW(state, now);
  const { validUntil } = accepted ?? {};
  const refreshAt = validUntil !== undefined && validUntil > now ? validUntil - validityMs / 2 : undefined;
  return { state, setpoint, heldW: held, ...omitUndefined({ refreshAt }) };
};

const isSmall = ({ state, setpoint, heldW }: Change, policy: ActuationPolicy): boolean => {
  const { smallW, smallShare, commandsPerSession, beyondBudgetFactor } = policy;
  // A start and a pause are no matter of size.
  if (heldW === 0 || setpoint.limitW === 0) return false;
  const isIncrease = setpoint.limitW > heldW;
  const factor = isIncrease && state.commandsSent >= commandsPerSession ? beyondBudgetFactor : 1;
  return Math.abs(setpoint.limitW - heldW) < factor * Math.max(smallW, smallShare * heldW);
};

const commandOf = (
  { state, setpoint }: Change,
  limitW: number,
  change: LimitCommand['change'],
  now: number,
  { validityMs, lowValidityMs }: ActuationPolicy,
): LimitCommand => ({
  id: state.id,
  limitW,
  change,
  validUntil: now + (limitW > state.fallbackW ? validityMs : lowValidityMs),
  reasons: setpoint.reasons,
});

const byId = (a: Change, b: Change): number => (a.state.id < b.state.id ? -1 : 1);

/** The paused first, then whoever has the smallest part of what it is to get. */
const byNeed = (a: Change, b: Change): number =>
  a.heldW / a.setpoint.limitW - b.heldW / b.setpoint.limitW || byId(a, b);

const largestCut = (a: Change, b: Change): number =>
  b.heldW - b.setpoint.limitW - (a.heldW - a.setpoint.limitW) || byId(a, b);

const largestRise = (a: Change, b: Change): number => largestCut(b, a);

/** Sorts what differs from what stations hold: what must come down, what may go up, what cannot be told now. */
const sortOut = ({ allocation, limits, now, policy = usualPolicy }: ActuationInput) => {
  const setpoints = new Map(allocation.setpoints.map((setpoint) => [setpoint.id, setpoint]));
  const held: Held[] = [];
  const changes: Change[] = [];
  for (const state of limits) {
    const setpoint = setpoints.get(state.id);
    if (setpoint === undefined) continue;
    const { id, limitW } = setpoint;
    const isUnresponsive = unresponsiveUntil(state, now, policy) !== undefined;
    if (state.inFlight !== undefined) held.push({ id, limitW, because: 'in-flight' });
    else if (isUnresponsive) held.push({ id, limitW, because: 'refused' });
    else changes.push(changeOf(state, setpoint, now, policy));
  }
  return { changes, held };
};

const instants = (
  { limits, now, policy = usualPolicy }: ActuationInput,
  changes: readonly Change[],
): readonly number[] =>
  [
    ...limits.flatMap(({ accepted, inFlight, refused }) => [
      accepted?.validUntil,
      inFlight && inFlight.sentAt + policy.timeoutMs,
      refused && refused.at + policy.retryRefusedMs,
    ]),
    ...changes.map(({ refreshAt }) => refreshAt),
  ].filter((instant) => instant !== undefined && instant > now) as readonly number[];

/**
 * What to send now, from what stations hold or may hold, and a new allocation. Decreases go at once; an increase goes when
 * every constraint has room for it beside all that is committed, that is, as the decreases that make room for it are
 * accepted. Committed power therefore never rises above a limit; it is above one only while that limit has just fallen.
 *
 * Changes that are not worth a command wait for the next refresh of the limit. The caller records each command as in flight
 * before it sends it, and asks again when a station answers, at `dueAt`, and with every new allocation.
 */
export const actuate = (input: ActuationInput): ActuationPlan => {
  const { allocation, limits, now, policy = usualPolicy } = input;
  const { changes, held } = sortOut(input);
  const room = roomKeeper(allocation.constraints, new Map(limits.map((state) => [state.id, committedW(state, now)])));
  const relieved = roomKeeper(
    allocation.constraints,
    new Map(limits.map((state) => [state.id, expectedW(state, now)])),
  );
  const isDue = ({ refreshAt }: Change): boolean => refreshAt !== undefined && refreshAt <= now;
  const command = (change: Change, kind: LimitCommand['change'], limitW = change.setpoint.limitW): LimitCommand =>
    commandOf(change, limitW, kind, now, policy);

  const down = changes.filter(({ setpoint, heldW }) => setpoint.limitW < heldW).sort(largestCut);
  const up = changes.filter(({ setpoint, heldW }) => setpoint.limitW > heldW).sort(byNeed);
  const decreases: Change[] = [];
  const smallDecreases: Change[] = [];
  for (const change of down) {
    const { id } = change.state;
    if (isSmall(change, policy) && !isDue(change) && !relieved.isExceeded(id)) smallDecreases.push(change);
    else {
      relieved.take(id, change.setpoint.limitW - change.heldW);
      decreases.push(change);
    }
  }

  const [increases, refreshes]: [Change[], Change[]] = [[], []];
  const waitUntil: number[] = [];
  const isMinor = (change: Change): boolean => isSmall(change, policy) && !isDue(change);
  for (const change of [...up.filter((one) => !isMinor(one)), ...up.filter(isMinor).sort(largestRise)]) {
    const { state, setpoint } = change;
    const moreW = setpoint.limitW - change.heldW;
    const readyAt = (state.lastSentAt ?? Number.NEGATIVE_INFINITY) + policy.minimumIntervalMs;
    const isWorthIt = moreW >= policy.smallW / 5 && room.isIdle(state.id, policy.idleShare, policy.smallW);
    const isLeft = isMinor(change) && !isWorthIt;
    const because = isLeft ? 'small' : readyAt > now && !isDue(change) ? 'interval' : undefined;
    const lacking = because === undefined ? room.lacking(state.id, moreW) : [];
    if (because === undefined) relieved.take(state.id, moreW);
    if (because === undefined && lacking.length === 0) {
      room.take(state.id, moreW);
      increases.push(change);
      continue;
    }
    if (because === 'interval') waitUntil.push(readyAt);
    if (isDue(change)) refreshes.push(change);
    held.push({ id: state.id, limitW: setpoint.limitW, because: because ?? 'awaits-decreases' });
  }
  // Of the small decreases only as many as it takes for the increases that lack room.
  for (const change of smallDecreases)
    if (relieved.isExceeded(change.state.id)) {
      relieved.take(change.state.id, change.setpoint.limitW - change.heldW);
      decreases.push(change);
    } else held.push({ id: change.state.id, limitW: change.setpoint.limitW, because: 'small' });
  refreshes.push(...changes.filter((change) => change.setpoint.limitW === change.heldW && isDue(change)));

  const due = [...instants(input, changes), ...waitUntil];
  return {
    commands: [
      ...decreases.map((change) => command(change, 'decrease')),
      ...increases.map((change) => command(change, 'increase')),
      ...refreshes.map((change) => command(change, 'refresh', change.heldW)),
    ],
    held: held.sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...omitUndefined({ dueAt: due.length === 0 ? undefined : Math.min(...due) }),
  };
};

/** What is known after a command was handed over for sending; before anything can go wrong with it. */
export const sent = (state: LimitState, command: LimitCommand, now: number): LimitState => ({
  ...state,
  inFlight: { limitW: command.limitW, validUntil: command.validUntil, sentAt: now },
  commandsSent: state.commandsSent + (command.change === 'refresh' ? 0 : 1),
  lastSentAt: now,
});

/** What is known after the station answered the command that was in flight (or a probe said what holds). */
export const answered = (state: LimitState, answer: 'accepted' | 'refused', now: number): LimitState => {
  const { inFlight, refused: _, ...rest } = state;
  if (inFlight === undefined) return state;
  const { limitW, validUntil } = inFlight;
  return answer === 'accepted'
    ? { ...rest, accepted: { limitW, at: now, ...omitUndefined({ validUntil }) } }
    : { ...rest, refused: { limitW, at: now } };
};
