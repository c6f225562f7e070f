import { LATE_AFTER_MS, LONGEST_GAP_MS, MINUTE_MS } from '../kernel/durations.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { Minute } from '../kernel/minute.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, flagged } from '../session/active-session.ts';
import { minutesCorrected, openMinute, runningMinutesCorrected } from '../session/session-minutes.ts';
import type { Connector, SessionSlot } from './connector.ts';
import { withMeteredSession, withoutSession } from './session-slots.ts';

const TOLERANCE_MS = MINUTE_MS;

/** A session at the times that a right clock would have told. */
const movedBy = (session: ActiveSession, byMs: number): ActiveSession => {
  const { startedAt, sampledAt, deliveredAt } = session;
  return flagged(
    {
      ...session,
      startedAt: startedAt + byMs,
      minutesOutdated: true,
      // It seemed told late only by the clock that was wrong.
      flags: session.flags.filter((flag) => flag !== 'lateArrival'),
      ...(sampledAt === undefined ? {} : { sampledAt: sampledAt + byMs }),
      ...(deliveredAt === undefined ? {} : { deliveredAt: deliveredAt + byMs }),
    },
    'clockCorrected',
  );
};

/** The minute in which a moved session was last read, and all before it told again. */
const minutesTold = (moved: ActiveSession, registerAt: number, context: EventContext): Transition<Minute> => {
  const { next, changes } = runningMinutesCorrected(moved, openMinute(moved.sessionId, registerAt), context);
  return { next: { ...next, registerAt }, changes };
};

/** Moves the open session by what its station's clock turned out to be wrong, so that later, corrected readings continue it. */
export const clockShifted = (connector: Connector, byMs: number, context: EventContext): Transition<Connector> => {
  const { session, minute } = connector;
  if (session === undefined || byMs === 0) return unchanged(connector);
  const { startedAt, sampledAt } = session;
  // Stamps that would lie ahead of us once shifted were right: the clock went wrong in the middle of the session.
  if ((sampledAt ?? startedAt) + byMs > context.receivedAt + TOLERANCE_MS) return unchanged(connector);
  const moved = movedBy(session, byMs);
  if (minute === undefined) return unchanged({ ...connector, session: moved });
  const reopened = minutesTold(moved, (minute.registerAt ?? minute.startAt) + byMs, context);
  return {
    next: { ...connector, session: moved, minute: reopened.next },
    // What was told of minutes the session did not lie in is taken back.
    changes: [...minutesCorrected({ ...session, curve: [] }, startedAt, minute.startAt, context), ...reopened.changes],
  };
};

/**
 * Moves a session to when its earlier messages were received, where the next message shows that their stamps were those of
 * a clock not set yet (2015, say): by the stamps more time passed than ever does between two messages of a session, but not
 * by when they were received. Left alone it would be a session of years, and its energy spread over millions of minutes.
 */
export const unsetClockCorrected = (
  connector: Connector,
  slot: SessionSlot,
  context: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  const lastAt = session.sampledAt ?? session.startedAt;
  const heardAt = connector.lastSeenAt > lastAt ? Math.min(connector.lastSeenAt, context.at) : context.at;
  if (heardAt - lastAt <= LONGEST_GAP_MS) return unchanged(connector);
  if (slot === 'session') return clockShifted(connector, heardAt - lastAt, context);
  const { startedAt } = session;
  return unchanged({
    ...connector,
    past: flagged({ ...session, startedAt: startedAt + heardAt - lastAt, sampledAt: heardAt }, 'clockCorrected'),
  });
};

/**
 * A session that seemed one of the past is the live one when its station tells of it live, and none is open: the clock was
 * behind when it began, for other sessions ended here between its stamps and now. It counts from when its messages came.
 */
export const pastGoesOn = (
  connector: Connector,
  transactionId: string,
  context: EventContext,
): Transition<Connector> => {
  const { past, session, recent, lastSeenAt } = connector;
  const isLive = context.receivedAt - context.at <= LATE_AFTER_MS;
  if (past?.transactionId !== transactionId || session !== undefined || !isLive) return unchanged(connector);
  const lastAt = past.sampledAt ?? past.startedAt;
  const heardAt = Math.max(lastAt, Math.min(lastSeenAt, context.at));
  const moved = movedBy(past, heardAt - lastAt);
  if (recent.some(({ endedAt }) => endedAt > moved.startedAt)) return unchanged(connector);
  const told = minutesTold(moved, heardAt, context);
  const inferred = recent.find(({ sessionId }) => sessionId === past.sessionId);
  return {
    next: withMeteredSession(withoutSession(connector, 'past'), 'session', { session: moved, minute: told.next }),
    // What was told of its minutes where its end was inferred is taken back.
    changes: [
      ...(inferred ? minutesCorrected({ ...past, curve: [] }, inferred.startedAt, inferred.endedAt, context) : []),
      ...told.changes,
    ],
  };
};
