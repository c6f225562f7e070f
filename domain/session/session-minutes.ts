import { MINUTE_MS } from '../kernel/durations.ts';
import type { Curve } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { Minute } from '../kernel/minute.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import type { ActiveSession } from './active-session.ts';
import { energyAt, roundWh, secondsIn } from './meter-curve.ts';

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

/** A session with the curve its minutes follow from. */
type Curved = { readonly sessionId: string; readonly startedAt: number; readonly curve: Curve };

/** Start of the first minute that begins at or after an instant. */
const minuteAfter = (at: number): number => Math.ceil(at / MINUTE_MS) * MINUTE_MS;

/** The part of a curve that tells the energy at every instant of [fromSec, toSec]. */
const partOf = (curve: Curve, fromSec: number, toSec: number): Curve => {
  const first = Math.max(
    0,
    curve.findLastIndex(([sec]) => sec <= fromSec),
  );
  const last = curve.findIndex(([sec]) => sec >= toSec);
  return curve.slice(first, last === -1 ? curve.length : last + 1);
};

/**
 * The minutes of a session that touch [fromAt, toAt), told again from its curve: they replace those told before. Nothing
 * where the stretch is empty.
 */
export const minutesCorrected = (
  { sessionId, startedAt, curve }: Curved,
  fromAt: number,
  toAt: number,
  context: EventContext,
): readonly PendingChange[] => {
  const first = minuteOf(fromAt);
  const end = minuteAfter(toAt);
  if (first >= end) return [];
  return [
    {
      type: 'MinutesCorrected',
      ...contextFields(context),
      sessionId,
      startedAt,
      fromAt: first,
      toAt: end,
      curve: partOf(curve, secondsIn(startedAt, first), secondsIn(startedAt, end)),
    },
  ];
};

/** The open minute of a running session after its curve changed. */
export const openMinuteCorrected = ({ startedAt, curve, energyWh }: ActiveSession, minute: Minute): Minute => {
  const beforeWh = minute.startAt <= startedAt ? 0 : energyAt(curve, secondsIn(startedAt, minute.startAt));
  return { ...minute, energyWh: roundWh(energyWh - beforeWh), registerWh: energyWh };
};

/** The minutes of a running session after its whole curve changed: the closed ones again, and the open one as it then stands. */
export const runningMinutesCorrected = (
  session: ActiveSession,
  minute: Minute,
  context: EventContext,
): Transition<Minute> => ({
  next: openMinuteCorrected(session, minute),
  changes: minutesCorrected(session, session.startedAt, minute.startAt, context),
});
