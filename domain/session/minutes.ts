import type { Curve } from '../kernel/ended-session.ts';
import type { Minute } from '../kernel/minute.ts';
import { roundWh } from './curve.ts';

export const MINUTE_MS = 60_000;
export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;

/** A moment of a session as the windows see it. `energyWh` is the register of the session. */
export type Moment = {
  readonly at: number;
  readonly energyWh: number;
  readonly powerW?: number;
  readonly socPercent?: number;
  readonly limitW?: number;
};

/** Whole minutes between two readings, with registers at their edges. */
export type Spread = { readonly fromAt: number; readonly toAt: number; readonly fromWh: number; readonly toWh: number };

/** What moving on in time did: the minute now open, the one that closed, and the whole minutes skipped between them. */
export type Advance = { readonly minute: Minute; readonly closed?: Minute; readonly spread?: Spread };

/** Opens the minute in which a session begins; its register counts from `energyWh`. */
export const openMinute = (sessionId: string, at: number, energyWh = 0): Minute => ({
  startAt: minuteOf(at),
  energyWh: 0,
  samples: 0,
  sessionId,
  registerWh: energyWh,
  registerAt: at,
});

const withMoment = (minute: Minute, { at, energyWh, powerW, socPercent, limitW }: Moment, gainWh: number): Minute => ({
  ...minute,
  energyWh: roundWh(minute.energyWh + gainWh),
  samples: minute.samples + 1,
  registerWh: energyWh,
  registerAt: at,
  ...(powerW === undefined
    ? {}
    : { maxW: Math.max(minute.maxW ?? powerW, powerW), minW: Math.min(minute.minW ?? powerW, powerW) }),
  ...(socPercent === undefined ? {} : { socPercent }),
  ...(limitW === undefined ? {} : { limitW }),
});

/**
 * Takes the next moment of a session into its minutes. Registers are interpolated at minute edges, so the energy of the
 * closed minutes, the spread ones and the open one is always the register of the session.
 */
export const advance = (minute: Minute, moment: Moment): Advance => {
  const fromAt = minute.registerAt ?? minute.startAt;
  const fromWh = minute.registerWh ?? 0;
  const startAt = minuteOf(moment.at);
  if (startAt <= minute.startAt) return { minute: withMoment(minute, moment, moment.energyWh - fromWh) };
  const registerAt = (edge: number): number =>
    roundWh(fromWh + ((moment.energyWh - fromWh) * (edge - fromAt)) / (moment.at - fromAt));
  const edge = minute.startAt + MINUTE_MS;
  const edgeWh = registerAt(edge);
  const closed: Minute = { ...minute, energyWh: roundWh(minute.energyWh + edgeWh - fromWh) };
  const startWh = startAt === edge ? edgeWh : registerAt(startAt);
  const fresh: Minute = { startAt, energyWh: 0, samples: 0, ...(minute.sessionId && { sessionId: minute.sessionId }) };
  return {
    minute: withMoment(fresh, moment, moment.energyWh - startWh),
    closed,
    ...(startAt > edge ? { spread: { fromAt: edge, toAt: startAt, fromWh: edgeWh, toWh: startWh } } : {}),
  };
};

/** The minutes of a whole session, derived from its curve alone: for sessions whose record changed after their minutes closed. */
export const minutesOf = (
  sessionId: string,
  startedAt: number,
  curve: Curve,
): { readonly closed: readonly Minute[]; readonly spreads: readonly Spread[] } => {
  const closed: Minute[] = [];
  const spreads: Spread[] = [];
  let minute = openMinute(sessionId, startedAt);
  for (const [sec, energyWh] of curve) {
    const step = advance(minute, { at: startedAt + sec * 1000, energyWh });
    if (step.closed) closed.push(step.closed);
    if (step.spread) spreads.push(step.spread);
    minute = step.minute;
  }
  return { closed: [...closed, minute], spreads };
};
