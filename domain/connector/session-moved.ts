import { contextFields, type EventContext } from '../kernel/event-context.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition } from '../kernel/transition.ts';
import type { MeteredSession } from '../session/active-session.ts';
import { settled } from '../session/recent-session.ts';
import { minutesCorrected } from '../session/session-minutes.ts';
import type { Connector, RefusedStart, UnclaimedReading } from './connector.ts';
import { withMinutesToldAgain } from './earlier-reading-told.ts';
import { statusUpdated } from './effective-status.ts';
import { withoutRefusedStart, withRefusedStart } from './refused-start.ts';
import { slotEndInferred, withoutSession } from './session-slots.ts';
import { withReadingsKept } from './unclaimed-reading.ts';

/** A connector without its live session, which turned out to be another connector's: its minutes are taken back. */
export const sessionMovedAway = (
  connector: Connector,
  { session, minute }: MeteredSession,
  context: EventContext,
): Transition<Connector> =>
  inSequence(
    connector,
    (before) => ({
      next: withoutSession(before, 'session'),
      changes: minute ? minutesCorrected({ ...session, curve: [] }, session.startedAt, minute.startAt, context) : [],
    }),
    (after) => statusUpdated(after, context),
  );

/**
 * A connector with a live session that was taken for another connector's. It began here, and its minutes are told here.
 * `rev` is what the other connector had: what is told of the session from now on is above that.
 */
export const sessionMovedHere = (
  connector: Connector,
  metered: MeteredSession,
  rev: number,
  context: EventContext,
): Transition<Connector> => {
  const { sessionId, transactionId, startedAt, tag, meterStartWh, refusal } = metered.session;
  return inSequence(
    { ...connector, rev: Math.max(connector.rev, rev) },
    (before) => slotEndInferred(before, 'session', context),
    (free) => ({
      next: { ...free, recent: free.recent.map(settled) },
      changes: [
        {
          type: 'SessionBegan',
          ...contextFields(context),
          at: startedAt,
          ...{ sessionId, transactionId, isMoved: true },
          ...omitUndefined({ tag, meterStartWh, tagVerdict: refusal?.verdict }),
        },
      ],
    }),
    (free) => withMinutesToldAgain(free, 'session', metered, context),
    (after) => statusUpdated(after, context),
  );
};

/** A connector without a refused start, and the readings of its transaction, which turned out to be another connector's. */
export const refusedStartMovedAway = (connector: Connector, { transactionId }: RefusedStart): Connector => {
  const { unclaimed = [], ...rest } = withoutRefusedStart(connector, transactionId);
  return withReadingsKept(
    rest,
    unclaimed.filter((kept) => kept.transactionId !== transactionId),
  );
};

/** A connector with a refused start that was taken for another connector's, and the readings of its transaction. */
export const refusedStartMovedHere = (
  connector: Connector,
  start: RefusedStart,
  readings: readonly UnclaimedReading[],
): Connector => {
  const { evseId, connectorId } = connector;
  return withReadingsKept(withRefusedStart(connector, { ...start, evseId, connectorId }), readings);
};
