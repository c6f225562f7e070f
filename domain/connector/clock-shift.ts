import { MINUTE_MS } from '../kernel/durations.ts';
import type { EventContext } from '../kernel/event-context.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { flagged } from '../session/active-session.ts';
import { minuteClosed, openMinute } from '../session/session-minutes.ts';
import type { Connector } from './connector.ts';

const TOLERANCE_MS = MINUTE_MS;

/** Moves the open session by what its station's clock turned out to be wrong, so that later, corrected readings continue it. */
export const clockShifted = (connector: Connector, byMs: number, context: EventContext): Transition<Connector> => {
  const { session, minute } = connector;
  if (session === undefined || byMs === 0) return unchanged(connector);
  const { startedAt, sampledAt, deliveredAt } = session;
  // Stamps that would lie ahead of us once shifted were right: the clock went wrong in the middle of the session.
  if ((sampledAt ?? startedAt) + byMs > context.receivedAt + TOLERANCE_MS) return unchanged(connector);
  const next: Connector = {
    ...connector,
    session: flagged(
      {
        ...session,
        startedAt: startedAt + byMs,
        // It seemed told late only by the clock that was wrong.
        flags: session.flags.filter((flag) => flag !== 'lateArrival'),
        ...(sampledAt === undefined ? {} : { sampledAt: sampledAt + byMs }),
        ...(deliveredAt === undefined ? {} : { deliveredAt: deliveredAt + byMs }),
      },
      'clockCorrected',
    ),
  };
  if (minute === undefined) return unchanged(next);
  const reopened = openMinute(session.sessionId, (minute.registerAt ?? minute.startAt) + byMs, minute.registerWh);
  return { next: { ...next, minute: reopened }, changes: minuteClosed(minute, context) };
};
