import { REPEAT_TOLERANCE_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionStarted, SessionUpdated } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { type ActiveSession, flagged, withFlag } from '../session/active-session.ts';
import { withEarlierStart } from '../session/earlier-start.ts';
import { endSession } from '../session/end-session.ts';
import { openSession } from '../session/open-session.ts';
import { type RecentSession, settled, type ToldEnd } from '../session/recent-session.ts';
import { minutesCorrected, openMinute } from '../session/session-minutes.ts';
import type { Connector } from './connector.ts';
import { canBeginAt, withMinutesToldAgain, withRecent } from './earlier-reading.ts';
import { statusUpdated } from './effective-status.ts';
import { orphanOf } from './orphan-start.ts';
import { isRefusedStart, refusedStartOf, startRefused, withoutRefusedStart } from './refused-start.ts';
import { refusalBegunBefore } from './refused-update.ts';
import {
  inferredEndUndone,
  meteredSessionIn,
  recentOf,
  type SessionSlot,
  slotEndInferred,
  slotOf,
  withMeteredSession,
} from './session-slots.ts';

const isInside = (connector: Connector, at: number): boolean =>
  connector.recent.some(({ startedAt, endedAt }) => at > startedAt && at < endedAt);

const isOlderThanKnown = ({ session, recent }: Connector, at: number): boolean =>
  (session !== undefined && session.startedAt > at) || recent.some(({ startedAt }) => startedAt > at);

/**
 * Opens a session: the live one, or the one of the past where a newer one is known. A session that is open there ends by
 * inference. A start inside an ended session has an impossible stamp and counts from its arrival.
 */
export const sessionOpened = (
  connector: Connector,
  fact: SessionStarted | SessionUpdated,
  { at: stampedAt, ...elsewhere }: EventContext,
): Transition<Connector> => {
  const isImpossible = isInside(connector, stampedAt);
  const context = { ...elsewhere, at: isImpossible ? elsewhere.receivedAt : stampedAt };
  const slot: SessionSlot = isOlderThanKnown(connector, context.at) ? 'past' : 'session';
  const isCorrected = isImpossible || fact.stampedAt !== undefined;
  const opened = openSession(context, fact, isCorrected ? ['clockCorrected'] : []);
  const session: ActiveSession = fact.type === 'SessionUpdated' ? { ...opened, startUnknown: true } : opened;
  const { sessionId, transactionId, tag, meterStartWh } = session;
  const { tagVerdict } = fact;
  const change: PendingChange = {
    type: 'SessionBegan',
    ...contextFields(context),
    sessionId,
    transactionId,
    ...omitUndefined({ tag, meterStartWh, tagVerdict }),
  };
  const isRefused = fact.type === 'SessionStarted' && fact.meterRefused;
  const suspicion: readonly PendingChange[] = isRefused
    ? [{ type: 'MeterSuspected', ...contextFields(context), sessionId, why: 'meterStart cannot be true' }]
    : [];
  return inSequence(
    withoutRefusedStart(connector, transactionId),
    (before) => slotEndInferred(before, slot, context),
    (free) => ({
      next: {
        ...free,
        recent: free.recent.map(settled),
        [slot]: session,
        ...(slot === 'session' ? { minute: openMinute(sessionId, context.at) } : {}),
      },
      changes: [change, ...suspicion],
    }),
  );
};

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

/** A start whose later messages came first, or a repeat: the session learns what only its start tells. */
const startLearned = (
  connector: Connector,
  slot: SessionSlot,
  session: ActiveSession,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  if (session.startUnknown) return earlierStartTold(connector, slot, fact, context);
  const { tag = session.tag, meterStartWh = session.meterStartWh, tagVerdict } = fact;
  const { remoteStartId = session.remoteStartId } = fact;
  const isKnown =
    tag === session.tag && meterStartWh === session.meterStartWh && remoteStartId === session.remoteStartId;
  const isRefused = tagVerdict !== undefined && !session.flags.includes('tagRefused');
  if (isKnown && !isRefused) return unchanged(connector);
  const learned = { ...session, ...omitUndefined({ tag, meterStartWh, remoteStartId }) };
  return unchanged({ ...connector, [slot]: isRefused ? flagged(learned, 'tagRefused') : learned });
};

/** The record of an ended session that was known from a later message on, completed by its start. */
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
  const amended: EndedSession = {
    ...record,
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
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const { meterStopWh, reason, vendorReason, tag, sessionId, endedAt } = record;
  const flags = record.flags.filter((flag) => flag !== 'orphan');
  const session = { ...openSession(context, fact, flags), sessionId };
  const { recent, changes } = endSession(
    { session },
    { ...context, at: endedAt },
    connector.place.ratedW,
    { reason, ...omitUndefined({ meterStopWh, vendorReason, tag, seqNo }) },
    'SessionAmended',
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
      return slot ? earlierStartTold(before, slot, fact, context) : unchanged(before);
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
const endedSessionStarted = (
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
      if (recent.startUnknown) return recordCompleted(connector, recent, fact, context);
      return recent.record.flags.includes('orphan')
        ? orphanCompleted(connector, recent, fact, context)
        : unchanged(connector);
    case 'settled':
      return unchanged(connector);
    default:
      return unreachable(recent);
  }
};

/** Stations count their transactions from the beginning again: a start from after the last reading is another session's. */
const isAnother = (
  { startedAt, sampledAt }: ActiveSession,
  { clock, stampedAt }: SessionStarted,
  { at }: EventContext,
): boolean =>
  clock === 'charger' &&
  stampedAt === undefined &&
  at > startedAt + REPEAT_TOLERANCE_MS &&
  at > (sampledAt ?? startedAt);

/** A refused start after which energy flows: it is a session after all, from that start on. */
export const refusedStartOpened = (
  connector: Connector,
  start: SessionStarted,
  context: EventContext,
): Transition<Connector> => sessionOpened(connector, start, { ...context, at: start.at, receivedAt: start.receivedAt });

/** A first message of a session. A refused one is remembered, a repeated one (the same transaction) opens nothing. */
export const sessionStarted = (
  connector: Connector,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const slot = slotOf(connector, fact.transactionId);
  const open = slot && connector[slot];
  if (slot && open && !isAnother(open, fact, context)) return startLearned(connector, slot, open, fact, context);
  const recent = recentOf(connector, fact.transactionId);
  const isReuse = recent !== undefined && fact.clock === 'charger' && context.at > recent.endedAt;
  if (!open && recent !== undefined && !isReuse) return endedSessionStarted(connector, recent, fact, context);
  const orphan = open || recent ? undefined : orphanOf(connector, fact, connector.recent);
  if (orphan) return orphanCompleted(connector, orphan, fact, context);
  if (isRefusedStart(fact)) return startRefused(connector, fact, context);
  const refused = refusedStartOf(connector, fact.transactionId);
  if (refused && fact.tag === undefined && fact.at <= refused.at)
    return unchanged(refusalBegunBefore(connector, refused, fact));
  return inSequence(
    connector,
    (before) => sessionOpened(before, fact, context),
    (after) => statusUpdated(after, context),
  );
};
