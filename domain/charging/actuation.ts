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
import { ceilTo, floorTo } from './step.ts';

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
  readonly because: 'awaits-decreases' | 'stands' | 'interval' | 'in-flight' | 'refused';
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

/** A session that can be told a limit now, with what it holds and what it is to have. */
type Change = {
  readonly state: LimitState;
  readonly setpoint: Setpoint;
  readonly heldW: number;
  /** Limits between these may stand: nobody is told another one for the sake of the share alone. */
  readonly standsFromW: number;
  readonly standsToW: number;
  /** When the limit that holds must be sent again, lest the fall-back takes its place; absent without a limit that ends. */
  readonly refreshAt?: number;
  /** Before this no increase is sent. */
  readonly raisableAt: number;
};

const changeOf = (state: LimitState, setpoint: Setpoint, now: number, policy: ActuationPolicy): Change => {
  const { validUntil } = state.accepted ?? {};
  const { limitW, minW, maxW, stepW } = setpoint;
  const aboutW = Math.max(policy.standW, policy.standShare * limitW);
  // A pause and a start are no matter of size.
  const isPaused = limitW === 0;
  return {
    state,
    setpoint,
    heldW: heldW(state, now),
    standsFromW: isPaused ? 0 : Math.min(limitW, Math.max(minW, ceilTo(stepW, limitW - aboutW))),
    standsToW: isPaused ? 0 : Math.max(limitW, Math.min(maxW, floorTo(stepW, limitW + aboutW))),
    raisableAt: (state.lastSentAt ?? Number.NEGATIVE_INFINITY) + policy.minimumIntervalMs,
    ...omitUndefined({
      refreshAt: validUntil !== undefined && validUntil > now ? validUntil - policy.validityMs / 2 : undefined,
    }),
  };
};

/** Sorts sessions by whether they can be told a limit now. */
const sortOut = ({ allocation, limits, now, policy = usualPolicy }: ActuationInput) => {
  const setpoints = new Map(allocation.setpoints.map((setpoint) => [setpoint.id, setpoint]));
  const held: Held[] = [];
  const changes: Change[] = [];
  for (const state of limits) {
    const setpoint = setpoints.get(state.id);
    if (setpoint === undefined) continue;
    const { id, limitW } = setpoint;
    if (state.inFlight !== undefined) held.push({ id, limitW, because: 'in-flight' });
    else if (unresponsiveUntil(state, now, policy) !== undefined) held.push({ id, limitW, because: 'refused' });
    else changes.push(changeOf(state, setpoint, now, policy));
  }
  return { changes, held };
};

const byId = (a: Change, b: Change): number => (a.state.id < b.state.id ? -1 : 1);

/** The paused first, then whoever has the smallest part of what it is to get. */
const byNeed = (a: Change, b: Change): number =>
  a.heldW / a.setpoint.limitW - b.heldW / b.setpoint.limitW || byId(a, b);

/** Who can give most before it has less than may stand. */
const byGift = (a: Change, b: Change): number => b.heldW - b.standsFromW - (a.heldW - a.standsFromW) || byId(a, b);

/** Who can take most before it has more than may stand. */
const byTake = (a: Change, b: Change): number => b.standsToW - b.heldW - (a.standsToW - a.heldW) || byId(a, b);

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
 * What to send now, from what stations hold or may hold, and a new allocation.
 *
 * Shares move with every breath of the building, limits need not: one that lies within a quarter of its share may stand. Sent
 * are starts, pauses, and limits that lie further off or are about to end. Where a limit of the site is exceeded nevertheless,
 * or somebody needs room, few sessions give much, down to what may stand; where power is left unused, few take much. So the
 * noise of the building is followed by one or two sessions, now these, now those.
 *
 * Decreases go at once; an increase goes when every constraint has room for it beside all that is committed, that is, as the
 * decreases that make room for it are accepted. Committed power therefore never rises above a limit; it is above one only
 * while that limit has just fallen. The caller records each command as in flight before it sends it, and asks again when a
 * station answers, at `dueAt`, and with every new allocation.
 */
export const actuate = (input: ActuationInput): ActuationPlan => {
  const { allocation, limits, now, policy = usualPolicy } = input;
  const { changes, held } = sortOut(input);
  const roomWith = (powerW: typeof committedW) =>
    roomKeeper(allocation.constraints, new Map(limits.map((state) => [state.id, powerW(state, now)])));
  const room = roomWith(committedW);
  /** Once everything on its way is accepted, with what is decided here. */
  const ahead = roomWith(expectedW);
  const decided = new Map<string, { readonly limitW: number; readonly change: LimitCommand['change'] }>();
  const decide = ({ state, heldW }: Change, limitW: number, change: LimitCommand['change']): void => {
    decided.set(state.id, { limitW, change });
    ahead.take(state.id, limitW - heldW);
    if (limitW > heldW) room.take(state.id, limitW - heldW);
  };
  // Limits that end soon after one that is due are sent with it: one decision, one write.
  const isAnyDue = changes.some(({ refreshAt }) => refreshAt !== undefined && refreshAt <= now);
  const isDue = ({ refreshAt }: Change): boolean =>
    isAnyDue && refreshAt !== undefined && refreshAt <= now + policy.validityMs / 10;
  const isOpen = ({ state }: Change): boolean => !decided.has(state.id);
  const stands = ({ heldW, standsFromW, standsToW }: Change): boolean => standsFromW <= heldW && heldW <= standsToW;
  const waiting = new Map<string, Held['because']>();
  const waitUntil: number[] = [];

  for (const change of changes)
    if (change.setpoint.limitW < change.heldW && (isDue(change) || !stands(change)))
      decide(change, change.setpoint.limitW, 'decrease');

  for (const change of changes.filter((one) => one.setpoint.limitW > one.heldW && !stands(one)).sort(byNeed)) {
    const { state, setpoint, raisableAt } = change;
    const moreW = setpoint.limitW - change.heldW;
    if (raisableAt > now && !isDue(change)) {
      waiting.set(state.id, 'interval');
      waitUntil.push(raisableAt);
    } else if (room.hasRoom(state.id, moreW)) decide(change, setpoint.limitW, 'increase');
    else {
      // Its room is made below.
      ahead.take(state.id, moreW);
      waiting.set(state.id, 'awaits-decreases');
    }
  }

  for (const change of changes.filter(isOpen).sort(byGift)) {
    const { state, setpoint, standsFromW } = change;
    if (!ahead.isExceeded(state.id) || waiting.has(state.id)) continue;
    const downToW = change.heldW + ahead.leftW(state.id, policy.spareShare);
    const limitW = Math.max(standsFromW, floorTo(setpoint.stepW, downToW));
    if (limitW < change.heldW) decide(change, limitW, 'decrease');
  }

  for (const change of changes.filter(isOpen).sort(byTake)) {
    const { state, setpoint, standsToW, raisableAt } = change;
    if (waiting.has(state.id)) continue;
    if (raisableAt > now && !isDue(change)) continue;
    const leftW = (spareShare: number): number =>
      Math.min(room.leftW(state.id, spareShare), ahead.leftW(state.id, spareShare));
    if (leftW(policy.idleShare) <= 0 || leftW(0) <= policy.standW) continue;
    const limitW = floorTo(setpoint.stepW, Math.min(standsToW, change.heldW + leftW(policy.spareShare)));
    if (limitW - change.heldW >= policy.standW / 2) decide(change, limitW, 'increase');
  }

  for (const change of changes.filter(isOpen)) if (isDue(change)) decide(change, change.heldW, 'refresh');

  const bySession = new Map(changes.map((change) => [change.state.id, change]));
  const commands = [...decided].flatMap(([id, { limitW, change }]): readonly LimitCommand[] => {
    const { state, setpoint } = bySession.get(id) ?? {};
    if (state === undefined || setpoint === undefined) return [];
    const validMs = limitW > state.fallbackW ? policy.validityMs : policy.lowValidityMs;
    return [{ id, limitW, change, validUntil: now + validMs, reasons: setpoint.reasons }];
  });
  for (const { state, setpoint, heldW } of changes)
    if (!decided.has(state.id) && setpoint.limitW !== heldW)
      held.push({ id: state.id, limitW: setpoint.limitW, because: waiting.get(state.id) ?? 'stands' });
  const due = [...instants(input, changes), ...waitUntil];
  return {
    commands: (['decrease', 'increase', 'refresh'] as const).flatMap((kind) =>
      commands.filter(({ change }) => change === kind),
    ),
    held: held.sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...omitUndefined({ dueAt: due.length === 0 ? undefined : Math.min(...due) }),
  };
};
