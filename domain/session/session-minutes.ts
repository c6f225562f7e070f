import { MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import type { Curve } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import type { ActiveSession } from './active-session.ts';
import { roundWh } from './meter-curve.ts';

/** Start of the clock minute an instant falls into. */
export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS) * MINUTE_MS;

/** A reading of a session as its minutes see it. `energyWh` is the register of the session. */
export type MinuteReading = {
  readonly at: number;
  readonly energyWh: number;
  readonly powerW?: number;
  readonly socPercent?: number;
  readonly limitW?: number;
};

/** Whole minutes between two readings, with registers at their edges. */
type Spread = { readonly fromAt: number; readonly toAt: number; readonly fromWh: number; readonly toWh: number };

/** What a reading did to the minutes: the minute now open, the one that closed, and the whole minutes skipped between them. */
type Advance = { readonly minute: Minute; readonly closed?: Minute; readonly spread?: Spread };

/** Opens the minute in which a session begins; its register counts from `energyWh`. */
export const openMinute = (sessionId: string, at: number, energyWh = 0): Minute => ({
  startAt: minuteOf(at),
  energyWh: 0,
  samples: 0,
  sessionId,
  registerWh: energyWh,
  registerAt: at,
});

const withReading = (
  minute: Minute,
  { at, energyWh, powerW, socPercent, limitW }: MinuteReading,
  gainWh: number,
): Minute => ({
  ...minute,
  energyWh: roundWh(minute.energyWh + gainWh),
  samples: minute.samples + 1,
  registerWh: energyWh,
  registerAt: at,
  ...(powerW === undefined
    ? {}
    : { maxW: Math.max(minute.maxW ?? powerW, powerW), minW: Math.min(minute.minW ?? powerW, powerW) }),
  ...omitUndefined({ socPercent, limitW }),
});

/**
 * Takes the next reading of a session into its minutes. Registers are interpolated at minute edges, so the energy of the
 * closed minutes, the spread ones and the open one is always the register of the session.
 */
const advance = (minute: Minute, reading: MinuteReading): Advance => {
  const fromAt = minute.registerAt ?? minute.startAt;
  const fromWh = minute.registerWh ?? 0;
  const startAt = minuteOf(reading.at);
  if (startAt <= minute.startAt) return { minute: withReading(minute, reading, reading.energyWh - fromWh) };
  const registerAt = (edge: number): number =>
    roundWh(fromWh + ((reading.energyWh - fromWh) * (edge - fromAt)) / (reading.at - fromAt));
  const edge = minute.startAt + MINUTE_MS;
  const edgeWh = registerAt(edge);
  const closed: Minute = { ...minute, energyWh: roundWh(minute.energyWh + edgeWh - fromWh) };
  const startWh = startAt === edge ? edgeWh : registerAt(startAt);
  const fresh: Minute = { startAt, energyWh: 0, samples: 0, ...omitUndefined({ sessionId: minute.sessionId }) };
  return {
    minute: withReading(fresh, reading, reading.energyWh - startWh),
    closed,
    ...(startAt > edge ? { spread: { fromAt: edge, toAt: startAt, fromWh: edgeWh, toWh: startWh } } : {}),
  };
};

const hasContent = ({ energyWh, samples }: Minute): boolean => energyWh > 0 || samples > 0;

/** Hands on a minute that is over, unless nothing happened in it. */
export const minuteClosed = (minute: Minute, context: EventContext): readonly PendingChange[] =>
  hasContent(minute) ? [{ type: 'MinuteClosed', ...contextFields(context), minute }] : [];

/** Moves the open minute of a session on to a reading and hands on what closed on the way. */
export const advanced = (
  minute: Minute,
  sessionId: string,
  context: EventContext,
  reading: Omit<MinuteReading, 'at'>,
): Transition<Minute> => {
  const { minute: next, closed, spread } = advance(minute, { ...reading, at: context.at });
  const { socPercent, limitW } = next;
  return {
    next,
    changes: [
      ...(closed ? minuteClosed(closed, context) : []),
      ...(spread
        ? [
            {
              type: 'MinutesSpread',
              ...contextFields(context),
              sessionId,
              ...spread,
              ...omitUndefined({ socPercent, limitW }),
            } as const,
          ]
        : []),
    ],
  };
};

/** The minutes of a whole session, derived from its curve alone. */
const minutesOf = (
  sessionId: string,
  startedAt: number,
  curve: Curve,
): { readonly closed: readonly Minute[]; readonly spreads: readonly Spread[] } => {
  const closed: Minute[] = [];
  const spreads: Spread[] = [];
  let minute = openMinute(sessionId, startedAt);
  for (const [sec, energyWh] of curve) {
    const step = advance(minute, { at: startedAt + sec * SECOND_MS, energyWh });
    if (step.closed) closed.push(step.closed);
    if (step.spread) spreads.push(step.spread);
    minute = step.minute;
  }
  return { closed: [...closed, minute], spreads };
};

/** All minutes of a session, from its curve: they replace those handed on before. */
export const minutesFromCurve = (
  sessionId: string,
  startedAt: number,
  curve: Curve,
  context: EventContext,
): readonly PendingChange[] => {
  const { closed, spreads } = minutesOf(sessionId, startedAt, curve);
  return [
    ...closed.flatMap((minute) => minuteClosed(minute, context)),
    ...spreads.map(
      (spread): PendingChange => ({ type: 'MinutesSpread', ...contextFields(context), sessionId, ...spread }),
    ),
  ];
};

/** The minutes of a running session after its curve changed: the closed ones again, and the open one as it then stands. */
export const minutesCorrected = (
  { sessionId, startedAt, curve, energyWh }: ActiveSession,
  minute: Minute,
  context: EventContext,
): Transition<Minute> => {
  const { closed } = minutesOf(sessionId, startedAt, curve);
  const inOpen = closed.find(({ startAt }) => startAt === minute.startAt);
  return {
    next: { ...minute, energyWh: inOpen?.energyWh ?? 0, registerWh: energyWh },
    changes: minutesFromCurve(sessionId, startedAt, curve, context).filter(
      (change) => change.type !== 'MinuteClosed' || change.minute.startAt < minute.startAt,
    ),
  };
};
