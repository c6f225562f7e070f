import type { EventContext } from '../kernel/event-context.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { type Ending, endSession } from '../session/end.ts';
import type { ActiveSession, RecentSession } from '../session/session.ts';
import type { Connector } from './connector.ts';
import { emptied, meteredSessionIn, recentOf, type SessionSlot, slotOf, withMeteredSession } from './slots.ts';

const REMEMBERED = 4;
/** Heard of within this time, a message is about now. */
const LIVE_MS = 300_000;

/** The session that just ended and the newest others, newest first: a repeat of its end may follow at once. */
const remembered = (ended: RecentSession, before: readonly RecentSession[]): readonly RecentSession[] => {
  const others = before
    .filter(({ sessionId }) => sessionId !== ended.sessionId)
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, REMEMBERED - 1);
  return [ended, ...others].sort((a, b) => b.startedAt - a.startedAt);
};

/** Ends the session of a slot and remembers it. An earlier, inferred end of the same session is amended. */
export const ended = (
  connector: Connector,
  slot: SessionSlot,
  moment: EventContext,
  ending: Ending,
): Transition<Connector> => {
  const bay = meteredSessionIn(connector, slot);
  if (bay === undefined) return unchanged(connector);
  const { sessionId } = bay.session;
  const isAmendment = connector.recent.some((recent) => recent.sessionId === sessionId);
  const telling = isAmendment ? 'SessionAmended' : 'SessionEnded';
  const result = endSession(bay, moment, connector.place.ratedW, ending, telling, connector.rev + 1);
  const recent = remembered(result.recent, connector.recent);
  const { meterStopWh } = ending;
  const isLatest = slot === 'session' && meterStopWh !== undefined;
  const idle = isLatest ? { at: result.record.endedAt, energyWh: meterStopWh } : connector.idle;
  return { next: { ...emptied(connector, slot), recent, ...(idle && { idle }) }, changes: result.changes };
};

/** Last sign that the session was alive: when the connector was said to be free, or else its last sample. */
const lastSignAt = ({ startedAt, sampledAt }: ActiveSession, { report }: Connector, notAfter: number): number => {
  const signAt = Math.max(startedAt, sampledAt ?? startedAt);
  const isFree = report?.status === 'available' || report?.status === 'finishing';
  return isFree && report.at > signAt && report.at <= notAfter ? report.at : signAt;
};

/** Ends the session of a slot of which no stop is known, where its last sign of life was. */
export const inferredEnd = (connector: Connector, slot: SessionSlot, moment: EventContext): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  const at = lastSignAt(session, connector, moment.at);
  return ended(connector, slot, { ...moment, at }, { reason: 'inferred', isInferred: true });
};

const isNewest = ({ session, recent }: Connector, { startedAt }: ActiveSession): boolean =>
  session === undefined && recent.every((other) => other.startedAt <= startedAt);

/**
 * An inferred end was wrong: the session goes on until its real end amends the record. It is the live one again if the
 * connector was said to be in it just now, and one of the past if a newer one is known or the message is history itself.
 */
export const reopened = (connector: Connector, transactionId: string, moment: EventContext): Transition<Connector> => {
  const recent = recentOf(connector, transactionId);
  const session = recent?.kept;
  if (session === undefined || slotOf(connector, transactionId)) return unchanged(connector);
  const isLive = moment.receivedAt - moment.at <= LIVE_MS && isNewest(connector, session);
  if (isLive && recent?.keptMinute) {
    return unchanged(withMeteredSession(connector, 'session', { session, minute: recent.keptMinute }));
  }
  const cleared = inferredEnd(connector, 'past', moment);
  return { next: { ...cleared.next, past: session }, changes: cleared.changes };
};
