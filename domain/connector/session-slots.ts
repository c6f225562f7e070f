import { LATE_AFTER_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import type { ActiveSession, MeteredSession } from '../session/active-session.ts';
import { type Ending, endSession, readUntil } from '../session/end-session.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { minutesCorrected } from '../session/session-minutes.ts';
import { type Connector, newerFrom, recentOf, type SessionSlot, slotOf } from './connector.ts';
import { profilesAfterTransaction } from './profiles-changed.ts';
import { readingsOfCurve, withReadingsKept, withRegisterLeft } from './unclaimed-reading.ts';
import { endedSessionWithdrawn, isUnusedRecord } from './withdrawn-session.ts';

/** The session in a slot with its minute; only the live one has a minute. */
export const meteredSessionIn = (connector: Connector, slot: SessionSlot): MeteredSession | undefined => {
  const session = connector[slot];
  return session && { session, ...omitUndefined({ minute: slot === 'session' ? connector.minute : undefined }) };
};

/** The connector with a session put back into its slot. */
export const withMeteredSession = (connector: Connector, slot: SessionSlot, metered: MeteredSession): Connector =>
  slot === 'past' ? { ...connector, past: metered.session } : { ...connector, ...metered };

/** The connector without the session in a slot, and without its minute. */
export const withoutSession = (connector: Connector, slot: SessionSlot): Connector => {
  if (slot === 'past') {
    const { past: _, ...rest } = connector;
    return rest;
  }
  const { session: _, minute: __, ...rest } = connector;
  return rest;
};

const REMEMBERED = 4;

/** The session that just ended and the newest others, newest first: a repeat of its end may follow at once. */
const remembered = (ended: RecentSession, before: readonly RecentSession[]): readonly RecentSession[] => {
  const others = before
    .filter(({ sessionId }) => sessionId !== ended.sessionId)
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, REMEMBERED - 1);
  return [ended, ...others].sort((a, b) => b.startedAt - a.startedAt);
};

/**
 * The connector with a session that ended before it was known where it was. Its record goes on here, with revisions above
 * those it had at the station.
 */
export const endMovedHere = (
  connector: Connector,
  ended: RecentSession & ToldEnd,
  context: EventContext,
): Transition<Connector> => {
  const { evseId, connectorId } = connector;
  const rev = Math.max(connector.rev, ended.record.rev);
  const record: EndedSession = { ...ended.record, evseId, connectorId, rev: rev + 1 };
  const { startedAt, endedAt } = record;
  return {
    next: { ...connector, rev, recent: remembered({ ...ended, record }, connector.recent) },
    changes: [
      ...minutesCorrected(record, startedAt, endedAt, context),
      { type: 'SessionAmended', ...contextFields(context), at: endedAt, session: record },
    ],
  };
};

/** Ends the session of a slot and remembers it. An earlier, inferred end of the same session is amended. */
export const slotEnded = (
  connector: Connector,
  slot: SessionSlot,
  context: EventContext,
  ending: Ending,
): Transition<Connector> => {
  const metered = meteredSessionIn(connector, slot);
  if (metered === undefined) return unchanged(connector);
  const { sessionId } = metered.session;
  const before = connector.recent.find((recent) => recent.sessionId === sessionId);
  const { record, recent, changes } = endSession(
    metered,
    context,
    connector.place.ratedW,
    ending,
    before,
    connector.rev + 1,
  );
  const { meterStopWh } = ending;
  const { refusal } = metered.session;
  const free = withoutSession(connector, slot);
  const left = slot === 'session' ? withRegisterLeft(free, metered.session, record.endedAt, meterStopWh) : free;
  // An inferred end may turn out to be none: then the station still holds the limit.
  const unlimited = ending.isInferred ? left : profilesAfterTransaction(left, metered.session);
  const { later } = readUntil(metered.session, record.endedAt);
  const next = withReadingsKept(
    { ...unlimited, recent: remembered(recent, connector.recent) },
    ending.isInferred ? [] : readingsOfCurve(metered.session, later, context.receivedAt),
  );
  return refusal && recent.phase === 'told' && isUnusedRecord(recent, refusal.tag)
    ? endedSessionWithdrawn(next, recent, refusal, { ...context, at: record.endedAt })
    : { next, changes };
};

/**
 * Last sign that the session was alive: when the connector was reported free, or else its last sample. Once a newer session
 * has begun, what is reported is said of that one.
 */
const lastSignAt = (session: ActiveSession, connector: Connector, notAfter: number): number => {
  const { startedAt, sampledAt = startedAt } = session;
  const signAt = Math.max(startedAt, sampledAt);
  const { report } = connector;
  const isFree = report?.status === 'available' || report?.status === 'finishing';
  const untilAt = Math.min(notAfter, newerFrom(connector, session));
  return isFree && report.at > signAt && report.at <= untilAt ? report.at : signAt;
};

/** Ends the session of a slot of which no stop is known, where its last sign of life was. */
export const slotEndInferred = (
  connector: Connector,
  slot: SessionSlot,
  context: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  const at = lastSignAt(session, connector, context.at);
  return slotEnded(connector, slot, { ...context, at }, { reason: 'inferred', isInferred: true });
};

const isNewest = ({ session, recent }: Connector, { startedAt }: ActiveSession): boolean =>
  session === undefined && recent.every((other) => other.startedAt <= startedAt);

/**
 * An inferred end was wrong: the session goes on until its real end amends the record. It is the live one again if the
 * message that names it is live and no newer session is known, and one of the past otherwise.
 */
export const inferredEndUndone = (
  connector: Connector,
  transactionId: string,
  context: EventContext,
): Transition<Connector> => {
  const recent = recentOf(connector, transactionId);
  if (recent?.phase !== 'inferred' || slotOf(connector, transactionId)) return unchanged(connector);
  const { session, minute } = recent;
  const isLive = context.receivedAt - context.at <= LATE_AFTER_MS && isNewest(connector, session);
  if (isLive && minute) return unchanged(withMeteredSession(connector, 'session', { session, minute }));
  const cleared = slotEndInferred(connector, 'past', context);
  return { next: { ...cleared.next, past: session }, changes: cleared.changes };
};
