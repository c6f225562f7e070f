import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { GridPhase } from '../registry/electrics.ts';
import type { Allocation, Reason, Setpoint } from './allocation.ts';
import { phaseFactor } from './constraints-of.ts';
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
  /** The phases it is for; absent for direct current. */
  readonly phases?: readonly GridPhase[];
  readonly reasons: readonly Reason[];
};

/** Why a setpoint that differs from what the station holds is not sent now. */
export type Held = {
  readonly id: string;
  readonly limitW: number;
  readonly because: 'awaits-decreases' | 'stands' | 'interval' | 'in-flight' | 'refused';
};

type Decision = Pick<LimitCommand, 'limitW' | 'change' | 'phases'>;

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
  /** It is to go to other phases. */
  readonly isSwitch: boolean;
  /** A limit from here on may stand: nobody is told another one for the sake of the share alone. */
  readonly standsFromW: number;
  /** A limit above this comes down to the share when it is renewed. */
  readonly standsToW: number;
  /**
   * When the limit that holds must be sent again, lest the fall-back takes its place or as it may not hold; absent without a limit
   * that ends or may not hold.
   */
  readonly refreshAt?: number;
  /** Before this no increase is sent. */
  readonly raisableAt: number;
};

/** Whether a session is to draw on other phases than it does. */
const isElsewhere = ({ phases: held }: LimitState, { phases: wanted }: Setpoint): boolean =>
  held !== undefined && wanted !== undefined && held.join() !== wanted.join();

/** How long before its end a limit is sent again, ms: half of the shorter validity, so that none is due as soon as it is sent. */
const renewedBeforeMs = ({ validityMs, lowValidityMs }: ActuationPolicy): number =>
  Math.min(validityMs, lowValidityMs) / 2;

const changeOf = (state: LimitState, setpoint: Setpoint, now: number, policy: ActuationPolicy): Change => {
  const { validUntil } = state.accepted ?? {};
  const { limitW, minW, stepW } = setpoint;
  const aboutW = Math.max(policy.standW, policy.standShare * limitW);
  return {
    state,
    setpoint,
    heldW: heldW(state, now),
    isSwitch: limitW > 0 && isElsewhere(state, setpoint),
    // A start is no matter of size.
    standsFromW: Math.min(limitW, Math.max(minW, ceilTo(stepW, limitW - aboutW))),
    standsToW: limitW + aboutW,
    raisableAt: (state.raisedAt ?? Number.NEGATIVE_INFINITY) + policy.minimumIntervalMs,
    ...omitUndefined({
      refreshAt:
        state.askAgainAt ??
        (validUntil !== undefined && validUntil > now ? validUntil - renewedBeforeMs(policy) : undefined),
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

/** Who has most above its share, or least below it. */
const byExcess = (a: Change, b: Change): number =>
  b.heldW - b.setpoint.limitW - (a.heldW - a.setpoint.limitW) || byId(a, b);

/** Who lacks most of its share, or has least above it. */
const byLack = (a: Change, b: Change): number =>
  a.heldW - a.setpoint.limitW - (b.heldW - b.setpoint.limitW) || byId(a, b);

/** Whether it lacks so much of its share, or has to move to other phases for it. */
const isBelow = ({ heldW, standsFromW, isSwitch, setpoint }: Change): boolean =>
  heldW < standsFromW || (isSwitch && heldW <= setpoint.limitW);

/**
 * What a session that is to go to other phases may keep until there is room for it there, W: on none of those it draws on now
 * more than it is to draw there afterwards. Once all have come down to that, each switch has room.
 */
const keptW = ({ state: { phases: held = [] }, setpoint: { phases: wanted = [], limitW }, heldW }: Change): number =>
  held.reduce(
    (least, phase) => Math.min(least, (limitW * phaseFactor(phase, wanted)) / phaseFactor(phase, held)),
    heldW,
  );

/** Whether some session could use more than its share, by a step at least. */
const isAnyBelowItsMaximum = ({ setpoints }: Allocation): boolean =>
  setpoints.some(({ limitW, maxW, stepW }) => limitW + stepW <= maxW);

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
 * Shares move whenever the building's load does, limits need not: one that is not a quarter below its share may stand, and one
 * above it stands until somebody needs the room or it is renewed. Sent at once are starts, pauses, increases of who lacks more
 * than that, and decreases of what a car cannot use while others are short. Where a limit of the site is exceeded, or somebody
 * needs room, few sessions give much, those with most above their share first; where power is left unused, few take much, those
 * that lack most first, beyond their share if nobody else wants it. So the noise of the building is followed by one or two
 * sessions, now these, now those.
 *
 * Decreases go at once; an increase goes when every constraint has room for it beside all that is committed, that is, as the
 * decreases that make room for it are accepted. Committed power therefore never rises above a limit; it is above one only
 * while that limit has just fallen. Who is sent to other phases counts on those it leaves until its station has accepted, and
 * goes when those it comes to have room; one that is to have less comes down at once where it is.
 *
 * The caller records each command as in flight before it sends it, and asks again when a station answers, at `dueAt`, and with
 * every new allocation.
 */
export const actuate = (input: ActuationInput): ActuationPlan => {
  const { allocation, limits, now, policy = usualPolicy } = input;
  const { changes, held } = sortOut(input);
  const room = roomKeeper(
    allocation.constraints,
    limits.map((state) => ({
      id: state.id,
      powerW: committedW(state, now),
      ...omitUndefined({ phases: state.phases }),
    })),
  );
  /** Once everything on its way is accepted, with what is decided here; each on the phases it is to have. */
  const ahead = roomKeeper(
    allocation.constraints,
    limits.map((state) => ({ id: state.id, powerW: expectedW(state, now) })),
  );
  const decided = new Map<string, Decision>();
  const decide = ({ state, setpoint, heldW }: Change, limitW: number, change: LimitCommand['change']): void => {
    decided.set(state.id, { limitW, change, ...omitUndefined({ phases: setpoint.phases }) });
    ahead.take(state.id, heldW, limitW);
    room.reserve(state.id, heldW, limitW);
  };
  /** Lowers a session where it is that is to go to other phases. */
  const comeDown = (change: Change): void => {
    const { state, setpoint, heldW } = change;
    const limitW = keptW(change);
    if (limitW >= heldW) return;
    decided.set(state.id, { limitW, change: 'decrease', ...omitUndefined({ phases: state.phases }) });
    ahead.take(state.id, heldW, setpoint.limitW);
  };
  // Limits that end soon after one that is due are sent with it: one decision, one write.
  const isAnyDue = changes.some(({ refreshAt }) => refreshAt !== undefined && refreshAt <= now);
  const isDue = ({ refreshAt }: Change): boolean =>
    isAnyDue && refreshAt !== undefined && refreshAt <= now + policy.validityMs / 10;
  const isOpen = ({ state }: Change): boolean => !decided.has(state.id);
  const waiting = new Map<string, Held['because']>();
  const waitUntil: number[] = [];

  const areOthersShort = isAnyBelowItsMaximum(allocation);
  for (const change of changes) {
    const { state, heldW, setpoint, standsToW, isSwitch } = change;
    const isPause = setpoint.limitW === 0;
    const isUnused = areOthersShort && heldW - setpoint.maxW > policy.unusedW;
    const isRenewedBelow = isDue(change) && heldW > standsToW;
    if (setpoint.limitW >= heldW || !(isPause || isSwitch || isUnused || isRenewedBelow)) continue;
    // Less power on fewer phases may be more current on one of them.
    if (isSwitch && !room.hasRoom(state.id, heldW, setpoint.limitW)) comeDown(change);
    else decide(change, setpoint.limitW, 'decrease');
  }

  for (const change of changes.filter(isBelow).sort(byNeed)) {
    const { state, setpoint, raisableAt, heldW } = change;
    if (raisableAt > now && !isDue(change)) {
      waiting.set(state.id, 'interval');
      waitUntil.push(raisableAt);
    } else if (room.hasRoom(state.id, heldW, setpoint.limitW)) decide(change, setpoint.limitW, 'increase');
    else {
      // Its room is made below.
      ahead.take(state.id, heldW, setpoint.limitW);
      waiting.set(state.id, 'awaits-decreases');
    }
  }

  for (const change of changes.filter(isOpen).sort(byExcess)) {
    const { state, setpoint, heldW, standsFromW, standsToW } = change;
    if (!ahead.isExceeded(state.id) || waiting.has(state.id)) continue;
    // Who has far more than its share gives that; nobody goes below its share before such a one has come down to its own.
    const leastW = heldW > standsToW ? setpoint.limitW : standsFromW;
    const limitW = Math.max(leastW, floorTo(setpoint.stepW, heldW + ahead.leftW(state.id, policy.spareShare)));
    if (limitW < heldW) decide(change, limitW, 'decrease');
  }

  for (const change of changes.filter(isOpen).sort(byLack)) {
    const { state, setpoint, raisableAt, heldW } = change;
    if (setpoint.limitW === 0 || waiting.has(state.id) || (raisableAt > now && !isDue(change))) continue;
    const leftW = (spareShare: number): number =>
      Math.min(room.leftW(state.id, spareShare), ahead.leftW(state.id, spareShare));
    // Where there is enough for all, what is sent again anyway takes the rest of what its car can use.
    const isCompleted = isDue(change) && !areOthersShort;
    if (!isCompleted && (leftW(policy.idleShare) <= 0 || leftW(0) <= policy.idleW)) continue;
    const limitW = floorTo(setpoint.stepW, Math.min(setpoint.maxW, heldW + leftW(policy.spareShare)));
    if (limitW - heldW >= (isCompleted ? setpoint.stepW : policy.idleW / 2)) decide(change, limitW, 'increase');
  }

  // Nothing is on its way that could make room: they wait for each other to leave a phase, and would for ever.
  const isAnyExpected =
    decided.size > 0 || limits.some(({ inFlight }) => inFlight !== undefined) || waitUntil.length > 0;
  if (!isAnyExpected)
    for (const change of changes) if (change.isSwitch && waiting.has(change.state.id)) comeDown(change);

  // What waits for its switch is renewed where it is.
  for (const { state, setpoint, heldW, isSwitch } of changes.filter((change) => isOpen(change) && isDue(change))) {
    const phases = isSwitch ? state.phases : setpoint.phases;
    decided.set(state.id, { limitW: heldW, change: 'refresh', ...omitUndefined({ phases }) });
  }

  const bySession = new Map(changes.map((change) => [change.state.id, change]));
  const commands = [...decided].flatMap(([id, { limitW, change, phases }]): readonly LimitCommand[] => {
    const { state, setpoint } = bySession.get(id) ?? {};
    if (state === undefined || setpoint === undefined) return [];
    const validMs = limitW > state.fallbackW ? policy.validityMs : policy.lowValidityMs;
    const { reasons } = setpoint;
    return [{ id, limitW, change, validUntil: now + validMs, reasons, ...omitUndefined({ phases }) }];
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
