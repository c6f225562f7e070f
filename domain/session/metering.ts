import type { Curve, SessionFlag } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { Minute } from '../kernel/minute.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import { advance, minutesOf, type Spread } from './minutes.ts';
import type { ActiveSession } from './session.ts';

/** A session with its open minute. A session that belongs to the past has none: its minutes are derived when it ends. */
export type MeteredSession = { readonly session: ActiveSession; readonly minute?: Minute };

/** Flags with one more; the same flags if it is among them. */
export const flagsWith = (flags: readonly SessionFlag[], flag: SessionFlag): readonly SessionFlag[] =>
  flags.includes(flag) ? flags : [...flags, flag];

/** The session with one more flag; the same session if it has it already. */
export const flagged = (session: ActiveSession, flag: SessionFlag): ActiveSession =>
  session.flags.includes(flag) ? session : { ...session, flags: flagsWith(session.flags, flag) };

/** Flags a session whose meter is not to be trusted; says so once per session. */
export const suspected = (
  session: ActiveSession,
  moment: EventContext,
  why: string | undefined,
): Transition<ActiveSession> => {
  if (why === undefined || session.flags.includes('meterSuspect')) return { next: session, changes: [] };
  const { sessionId } = session;
  return {
    next: flagged(session, 'meterSuspect'),
    changes: [{ type: 'MeterSuspected', ...contextFields(moment), sessionId, why }],
  };
};

const hasContent = ({ energyWh, samples }: Minute): boolean => energyWh > 0 || samples > 0;

/** Hands on a minute that is over, unless nothing happened in it. */
export const minuteClosed = (minute: Minute, moment: EventContext): readonly PendingChange[] =>
  hasContent(minute) ? [{ type: 'MinuteClosed', ...contextFields(moment), minute }] : [];

const minutesSpread = (spread: Spread, sessionId: string, moment: EventContext, minute: Minute): PendingChange => ({
  type: 'MinutesSpread',
  ...contextFields(moment),
  sessionId,
  ...spread,
  ...(minute.socPercent === undefined ? {} : { socPercent: minute.socPercent }),
  ...(minute.limitW === undefined ? {} : { limitW: minute.limitW }),
});

/** Moves the open minute of a session on to a reading and hands on what closed on the way. */
export const advanced = (
  minute: Minute,
  sessionId: string,
  moment: EventContext,
  reading: Omit<Parameters<typeof advance>[1], 'at'>,
): Transition<Minute> => {
  const step = advance(minute, { ...reading, at: moment.at });
  return {
    next: step.minute,
    changes: [
      ...(step.closed ? minuteClosed(step.closed, moment) : []),
      ...(step.spread ? [minutesSpread(step.spread, sessionId, moment, step.minute)] : []),
    ],
  };
};

/** A session's minutes after its curve changed: the closed ones told again, and the open one as it then stands. */
export const minutesRetold = (
  { sessionId, startedAt, curve, energyWh }: ActiveSession,
  minute: Minute,
  moment: EventContext,
): Transition<Minute> => {
  const { closed } = minutesOf(sessionId, startedAt, curve);
  const inOpen = closed.find(({ startAt }) => startAt === minute.startAt);
  return {
    next: { ...minute, energyWh: inOpen?.energyWh ?? 0, registerWh: energyWh },
    changes: minutesAgain(sessionId, startedAt, curve, moment).filter(
      (change) => change.type !== 'MinuteClosed' || change.minute.startAt < minute.startAt,
    ),
  };
};

/** All minutes of a session, from its curve: they replace those handed on before. */
export const minutesAgain = (
  sessionId: string,
  startedAt: number,
  curve: Curve,
  moment: EventContext,
): readonly PendingChange[] => {
  const { closed, spreads } = minutesOf(sessionId, startedAt, curve);
  return [
    ...closed.flatMap((minute) => minuteClosed(minute, moment)),
    ...spreads.map(
      (spread): PendingChange => ({ type: 'MinutesSpread', ...contextFields(moment), sessionId, ...spread }),
    ),
  ];
};
