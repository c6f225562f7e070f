import { LONGEST_GAP_MS, MINUTE_MS } from '../kernel/durations.ts';
import type { EventContext } from '../kernel/event-context.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { flagged } from '../session/active-session.ts';
import { minutesCorrected, openMinute, runningMinutesCorrected } from '../session/session-minutes.ts';
import type { Connector, SessionSlot } from './connector.ts';

const TOLERANCE_MS = MINUTE_MS;

/** Moves the open session by what its station's clock turned out to be wrong, so that later, corrected readings continue it. */
export const clockShifted = (connector: Connector, byMs: number, context: EventContext): Transition<Connector> => {
  const { session, minute } = connector;
  if (session === undefined || byMs === 0) return unchanged(connector);
  const { startedAt, sampledAt, deliveredAt } = session;
  // Stamps that would lie ahead of us once shifted were right: the clock went wrong in the middle of the session.
  if ((sampledAt ?? startedAt) + byMs > context.receivedAt + TOLERANCE_MS) return unchanged(connector);
  const moved = flagged(
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
  if (minute === undefined) return unchanged({ ...connector, session: moved });
  const registerAt = (minute.registerAt ?? minute.startAt) + byMs;
  const reopened = runningMinutesCorrected(moved, openMinute(session.sessionId, registerAt), context);
  return {
    next: { ...connector, session: moved, minute: { ...reopened.next, registerAt } },
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
