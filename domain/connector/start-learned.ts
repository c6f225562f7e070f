import type { EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionStarted } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { type ActiveSession, type Refusal, withFlag, withRefusal } from '../session/active-session.ts';
import { endSession } from '../session/end-session.ts';
import { openSession } from '../session/open-session.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { minutesCorrected } from '../session/session-minutes.ts';
import { tagAfterStart, withEarlierStart } from '../session/with-earlier-start.ts';
import { type Connector, recentOf, type SessionSlot, slotOf, withRecent } from './connector.ts';
import { canBeginAt, withMinutesToldAgain } from './earlier-reading-told.ts';
import { authorizationRefused } from './refused-start.ts';
import {
  inferredEndUndone,
  meteredSessionIn,
  slotEndInferred,
  withMeteredSession,
  withoutSession,
} from './session-slots.ts';
import { endedSessionTagged, isUnused, openSessionWithdrawn } from './withdrawn-session.ts';

/** The start of an open session that was known from a later message on. */
const earlierStartTold = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const metered = meteredSessionIn(connector, slot);
  if (metered === undefined || fact.clock !== 'charger') return unchanged(connector);
  const at = canBeginAt(connector, metered.session, context.at) ? context.at : metered.session.startedAt;
  const session = withEarlierStart(metered.session, fact, at, connector.place.ratedW);
  return session.startedAt === metered.session.startedAt
    ? unchanged(withMeteredSession(connector, slot, { ...metered, session }))
    : withMinutesToldAgain(connector, slot, { ...metered, session }, context);
};

/** An open session whose start says that its tag was refused: it was none, or, where energy flows, it is flagged. */
const openSessionRefused = (
  connector: Connector,
  slot: SessionSlot,
  { transactionId, tag, tagVerdict: verdict }: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  const isOther = session?.tag !== undefined && session.tag !== tag;
  if (session === undefined || verdict === undefined || isOther || session.refusal) return unchanged(connector);
  const refusal: Refusal = { verdict, ...omitUndefined({ tag }) };
  const { tag: _, ...untagged } = session;
  if (isUnused(untagged)) return openSessionWithdrawn(withoutSession(connector, slot), session, refusal, context);
  return {
    next: { ...connector, [slot]: withRefusal(untagged, refusal) },
    changes: [authorizationRefused({ transactionId, ...omitUndefined({ tag }) }, verdict, context)],
  };
};

/** A start whose later messages came first, or a repeat: the session learns what only its start tells. */
export const startLearned = (
  connector: Connector,
  slot: SessionSlot,
  session: ActiveSession,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const { meterStartWh = session.meterStartWh, remoteStartId = session.remoteStartId } = fact;
  const tag = tagAfterStart(session, fact);
  const isKnown =
    tag === session.tag && meterStartWh === session.meterStartWh && remoteStartId === session.remoteStartId;
  return inSequence(
    connector,
    (before) => {
      if (session.startUnknown) return earlierStartTold(before, slot, fact, context);
      return unchanged(
        isKnown
          ? before
          : { ...before, [slot]: { ...session, ...omitUndefined({ tag, meterStartWh, remoteStartId }) } },
      );
    },
    (learned) => openSessionRefused(learned, slot, fact, context),
  );
};

/**
 * The record of an ended session that was known from a later message on, completed by its start. A charger of OCPP 1.6 that
 * was offline may have told it under an id of its own: the id its start is answered with counts.
 */
const recordCompleted = (
  connector: Connector,
  recent: RecentSession & ToldEnd,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const { record, register: known, times: knownTimes, startUnknown: _, ...ended } = recent;
  const at = canBeginAt(connector, record, context.at) ? context.at : record.startedAt;
  const { startedAt, curve, energyWh, tag, meterStartWh, register, times, flags } = withEarlierStart(
    { ...record, ...omitUndefined({ register: known, times: knownTimes }) },
    fact,
    at,
    connector.place.ratedW,
  );
  const { transactionId } = fact;
  const amended: EndedSession = {
    ...record,
    transactionId,
    startedAt,
    curve,
    energyWh,
    ...omitUndefined({ tag, meterStartWh }),
    flags: withFlag(
      flags.filter((flag) => flag !== 'orphan'),
      'lateArrival',
    ),
    rev: connector.rev + 1,
  };
  return {
    next: withRecent(connector, {
      ...ended,
      transactionId,
      startedAt,
      record: amended,
      minutesFromCurve: true,
      ...omitUndefined({ register, times }),
    }),
    changes: [
      ...minutesCorrected(amended, startedAt, record.endedAt, context),
      { type: 'SessionAmended', ...contextFields(context), at: record.endedAt, session: amended },
    ],
  };
};

/** The start of a session of which only the stop was known: its record gets its start, its tag and the energy between its meters. */
const orphanCompleted = (
  connector: Connector,
  { record, seqNo }: RecentSession & ToldEnd,
  { tag: startTag, tagVerdict, ...fact }: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const { meterStopWh, reason, vendorReason, tag, sessionId, endedAt } = record;
  const flags = record.flags.filter((flag) => flag !== 'orphan');
  const accepted = tagVerdict === undefined ? omitUndefined({ tag: startTag }) : {};
  const session = { ...openSession(context, { ...fact, ...accepted }, flags), sessionId };
  const { recent, changes } = endSession(
    { session },
    { ...context, at: endedAt },
    connector.place.ratedW,
    { reason, ...omitUndefined({ meterStopWh, vendorReason, tag, seqNo }) },
    record,
    connector.rev + 1,
  );
  return { next: withRecent(connector, recent), changes };
};

/** The start of a session whose end was inferred: it is told again, from its start to that end. */
const inferredEndMoved = (connector: Connector, fact: SessionStarted, context: EventContext): Transition<Connector> =>
  inSequence(
    connector,
    (before) => inferredEndUndone(before, fact.transactionId, context),
    (before) => {
      const slot = slotOf(before, fact.transactionId);
      const open = slot && before[slot];
      return slot && open ? startLearned(before, slot, open, fact, context) : unchanged(before);
    },
    (before) => {
      const slot = slotOf(before, fact.transactionId);
      return slot ? slotEndInferred(before, slot, { ...context, at: context.receivedAt }) : unchanged(before);
    },
  );

/**
 * The start of a session that ended already. Where its start was unknown the record is completed; otherwise it is a repeat.
 * Nothing is opened again.
 */
export const endedSessionStarted = (
  connector: Connector,
  recent: RecentSession,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  if (fact.clock !== 'charger') return unchanged(connector);
  switch (recent.phase) {
    case 'inferred':
      return recent.session.startUnknown ? inferredEndMoved(connector, fact, context) : unchanged(connector);
    case 'told':
      return inSequence(
        connector,
        (before) => {
          if (recent.startUnknown) return recordCompleted(before, recent, fact, context);
          const isOrphan = recent.record.flags.includes('orphan');
          return isOrphan ? orphanCompleted(before, recent, fact, context) : unchanged(before);
        },
        (completed) => {
          const known = recentOf(completed, recent.transactionId) ?? recentOf(completed, fact.transactionId);
          return known ? endedSessionTagged(completed, known, fact, context) : unchanged(completed);
        },
      );
    case 'settled':
      return unchanged(connector);
    default:
      return unreachable(recent);
  }
};
