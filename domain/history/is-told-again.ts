import type { EndedSession } from '../kernel/ended-session.ts';
import type { StateChange } from '../kernel/state-change.ts';

/** Start and end are the charger's word. */
const isWhole = ({ flags }: EndedSession): boolean => !flags.includes('inferredStop') && !flags.includes('orphan');

const isOnSameConnector = (one: EndedSession, other: EndedSession): boolean =>
  one.evseId === other.evseId && one.connectorId === other.connectorId;

const isAtSameTime = (one: EndedSession, other: EndedSession): boolean =>
  one.startedAt === other.startedAt ||
  one.endedAt === other.endedAt ||
  (one.startedAt < other.endedAt && other.startedAt < one.endedAt);

/**
 * Whether two records tell of one transaction. Ids of transactions are used again, so the times must meet too. An orphan
 * may not know its connector.
 */
export const isSameTransaction = (next: EndedSession, stored: EndedSession): boolean =>
  next.sessionId === stored.sessionId ||
  (next.stationId === stored.stationId &&
    next.transactionId === stored.transactionId &&
    (isOnSameConnector(next, stored) || next.flags.includes('orphan')) &&
    isAtSameTime(next, stored));

/** The stored record comes from this write of the item or from a later one: the batch is delivered again. */
const isRedelivered = (next: EndedSession, stored: EndedSession): boolean =>
  next.sessionId === stored.sessionId && isOnSameConnector(next, stored) && next.rev <= stored.rev;

/** What a record says beside its readings: whose it was, and whether that and its meter are to be trusted. */
const standing = ({ tag, flags }: EndedSession): string =>
  JSON.stringify([tag, flags.includes('tagRefused'), flags.includes('meterSuspect')]);

/** By no fewer readings, nothing is missing any more. */
const fillsGap = (next: EndedSession, stored: EndedSession): boolean =>
  stored.flags.includes('seqGap') && !next.flags.includes('seqGap') && next.curve.length >= stored.curve.length;

/** The same session by fewer readings, or by the same ones. */
const addsNothing = ({ curve, startedAt, endedAt }: EndedSession, stored: EndedSession): boolean => {
  if (curve.length < stored.curve.length) return true;
  const isSame = curve.every(([sec, wh]) => stored.curve.some(([atSec, energyWh]) => atSec === sec && energyWh === wh));
  return isSame && startedAt === stored.startedAt && endedAt === stored.endedAt;
};

/**
 * Whether a stored record is to stay although a later write tells of the same transaction. A connector remembers few
 * ended sessions: messages repeated after that look to it like a session of their own, told in part. What they say never
 * takes the place of more: a real end of an inferred one, a known start of an unknown one, all readings of some.
 */
export const isToldAgain = (next: EndedSession, stored: EndedSession, isAmendment: boolean): boolean => {
  if (isRedelivered(next, stored)) return false;
  // It ended before it was known where it was, and now it is known.
  if (stored.evseId === 0 && next.evseId !== 0) return false;
  if (isWhole(next) !== isWhole(stored)) return isWhole(stored);
  if (!isWhole(next)) return next.endedAt < stored.endedAt || addsNothing(next, stored);
  if (!isAmendment) return next.energyWh !== stored.energyWh || addsNothing(next, stored);
  const isCutShort = next.endedAt === stored.endedAt && next.startedAt > stored.startedAt;
  const isSame = next.energyWh === stored.energyWh && standing(next) === standing(stored);
  return isCutShort || (isSame && addsNothing(next, stored) && !fillsGap(next, stored));
};

/** A change told of a session under the id it has on record. */
export const underSessionId = (change: StateChange, sessionId: string): StateChange => {
  if (change.type === 'SessionEnded' || change.type === 'SessionAmended')
    return { ...change, session: { ...change.session, sessionId } };
  if (change.type === 'MinuteClosed') return { ...change, minute: { ...change.minute, sessionId } };
  return 'sessionId' in change ? { ...change, sessionId } : change;
};

/** The session a change is about, if any. */
export const sessionOf = (change: StateChange): string | undefined => {
  if (change.type === 'SessionEnded' || change.type === 'SessionAmended') return change.session.sessionId;
  if (change.type === 'MinuteClosed') return change.minute.sessionId;
  return 'sessionId' in change ? change.sessionId : undefined;
};
