import type { EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionStarted } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import { openSession } from '../session/begin.ts';
import { endSession } from '../session/end.ts';
import { flagsWith, minutesAgain, minutesRetold } from '../session/metering.ts';
import type { ActiveSession, RecentSession } from '../session/session.ts';
import { startMoved } from '../session/start-moved.ts';
import { inferredEnd, reopened } from './closing.ts';
import type { Connector } from './connector.ts';
import { meteredSessionIn, type SessionSlot, slotOf, withMeteredSession } from './slots.ts';

const isFreeFrom = ({ session, past, recent }: Connector, own: ActiveSession | EndedSession, at: number): boolean => {
  const others = [session, past, ...recent].flatMap((other) =>
    other && other.sessionId !== own.sessionId && other.startedAt < own.startedAt ? [other] : [],
  );
  return others.every((other) => ('endedAt' in other ? other.endedAt : other.startedAt) <= at);
};

/** The start of an open session that was known from a later message on. */
export const startToldLater = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionStarted,
  moment: EventContext,
): Transition<Connector> => {
  const bay = meteredSessionIn(connector, slot);
  if (bay === undefined || fact.clock !== 'charger') return unchanged(connector);
  const at = isFreeFrom(connector, bay.session, moment.at) ? moment.at : bay.session.startedAt;
  const session = startMoved(bay.session, fact, at, connector.place.ratedW);
  if (bay.minute === undefined || session.startedAt === bay.session.startedAt) {
    return unchanged(withMeteredSession(connector, slot, { ...bay, session }));
  }
  const again = minutesRetold(session, bay.minute, moment);
  return { next: withMeteredSession(connector, slot, { session, minute: again.next }), changes: again.changes };
};

/** The record of an ended session that was known from a later message on, completed by its start. */
const completed = (connector: Connector, recent: RecentSession, fact: SessionStarted, moment: EventContext) => {
  const { told } = recent;
  if (!told?.startUnknown) return unchanged(connector);
  const { record, register } = told;
  const at = isFreeFrom(connector, record, moment.at) ? moment.at : record.startedAt;
  const { sessionId, startedAt, curve, energyWh, tag, meterStartWh } = startMoved(
    { ...record, ...omitUndefined({ register }) },
    fact,
    at,
    connector.place.ratedW,
  );
  const again: EndedSession = {
    ...record,
    startedAt,
    curve,
    energyWh,
    ...omitUndefined({ tag, meterStartWh }),
    flags: flagsWith(fact.tagVerdict ? flagsWith(record.flags, 'tagRefused') : record.flags, 'lateArrival'),
    rev: connector.rev + 1,
  };
  const next: RecentSession = { ...recent, startedAt, told: { record: again, ...omitUndefined({ register }) } };
  return {
    next: { ...connector, recent: connector.recent.map((other) => (other.sessionId === sessionId ? next : other)) },
    changes: [
      ...minutesAgain(sessionId, startedAt, curve, moment),
      { type: 'SessionAmended', ...contextFields(moment), at: record.endedAt, session: again } as const,
    ],
  };
};

/** The start of a session whose end is our inference: it is told again, from its start to that end. */
const inferredAgain = (connector: Connector, fact: SessionStarted, moment: EventContext): Transition<Connector> =>
  inSequence(
    connector,
    (before) => reopened(before, fact.transactionId, moment),
    (before) => {
      const slot = slotOf(before, fact.transactionId);
      return slot ? startToldLater(before, slot, fact, moment) : unchanged(before);
    },
    (before) => {
      const slot = slotOf(before, fact.transactionId);
      return slot ? inferredEnd(before, slot, { ...moment, at: moment.receivedAt }) : unchanged(before);
    },
  );

/**
 * The start of a session that ended already. Where only the end was known (an orphan), its record is completed: when it
 * began, its tag, and the energy between its meters. Nothing is opened again; the start of one known from its start is a repeat.
 */
export const startedLate = (
  connector: Connector,
  recent: RecentSession,
  fact: SessionStarted,
  moment: EventContext,
): Transition<Connector> => {
  if (fact.clock !== 'charger') return unchanged(connector);
  if (recent.kept?.startUnknown) return inferredAgain(connector, fact, moment);
  if (recent.told?.startUnknown) return completed(connector, recent, fact, moment);
  const record = recent.told?.record;
  if (record === undefined || !record.flags.includes('orphan')) return unchanged(connector);
  const { meterStopWh, reason, vendorReason, tag, sessionId, endedAt } = record;
  const session = {
    ...openSession(
      moment,
      fact,
      record.flags.filter((flag) => flag !== 'orphan'),
    ),
    sessionId,
  };
  const result = endSession(
    { session },
    { ...moment, at: endedAt },
    connector.place.ratedW,
    { reason, ...omitUndefined({ meterStopWh, vendorReason, tag, seqNo: recent.seqNo }) },
    'SessionAmended',
    connector.rev + 1,
  );
  const remembered = connector.recent.map((other) => (other.sessionId === sessionId ? result.recent : other));
  return { next: { ...connector, recent: remembered }, changes: result.changes };
};
