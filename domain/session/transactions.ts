import type { Connector } from '../connector/connector.ts';
import { restated } from '../connector/status.ts';
import { defined } from '../defined.ts';
import type { SessionAbandoned, SessionStarted, SessionStopped, SessionUpdated } from '../fact.ts';
import { type Decided, inTurn, type Step, unchanged } from '../station/step.ts';
import { openMinute } from '../windows/minutes.ts';
import { openSession } from './begin.ts';
import { type Ending, endSession } from './end.ts';
import { type Bay, flagged } from './metering.ts';
import { type Moment, stamp } from './moment.ts';
import type { ActiveSession, RecentSession, SessionFlag } from './session.ts';

const REMEMBERED = 4;

type Slot = 'session' | 'past';

/** Which of the connector's two slots holds a transaction, if any. */
export const slotOf = (connector: Connector, transactionId: string): Slot | undefined => {
  if (connector.session?.transactionId === transactionId) return 'session';
  return connector.past?.transactionId === transactionId ? 'past' : undefined;
};

/** What the connector remembers of a transaction that ended. */
export const recentOf = (connector: Connector, transactionId: string): RecentSession | undefined =>
  connector.recent.find((recent) => recent.transactionId === transactionId);

/** The session in a slot with its minute; only the live one has a minute. */
export const bayOf = (connector: Connector, slot: Slot): Bay | undefined => {
  const session = connector[slot];
  return session && { session, ...(slot === 'session' && connector.minute ? { minute: connector.minute } : {}) };
};

/** The connector with a bay put back into its slot. */
export const withBay = (connector: Connector, slot: Slot, bay: Bay): Connector =>
  slot === 'past'
    ? { ...connector, past: bay.session }
    : { ...connector, session: bay.session, ...(bay.minute ? { minute: bay.minute } : {}) };

const emptied = (connector: Connector, slot: Slot): Connector => {
  if (slot === 'past') {
    const { past: _, ...rest } = connector;
    return rest;
  }
  const { session: _, minute: __, ...rest } = connector;
  return rest;
};

/** Ends the session of a slot and remembers it, newest first. An earlier, inferred end of the same session is amended. */
const ended = (connector: Connector, slot: Slot, moment: Moment, ending: Ending): Step<Connector> => {
  const bay = bayOf(connector, slot);
  if (bay === undefined) return unchanged(connector);
  const { sessionId } = bay.session;
  const isAmendment = connector.recent.some((recent) => recent.sessionId === sessionId);
  const telling = isAmendment ? 'SessionAmended' : 'SessionEnded';
  const result = endSession(bay, moment, connector.place.ratedW, ending, telling, connector.rev + 1);
  const others = connector.recent.filter((recent) => recent.sessionId !== sessionId);
  const recent = [result.recent, ...others].sort((a, b) => b.startedAt - a.startedAt).slice(0, REMEMBERED);
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

const inferredEnd = (connector: Connector, slot: Slot, moment: Moment): Step<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  const at = lastSignAt(session, connector, moment.at);
  return ended(connector, slot, { ...moment, at }, { reason: 'inferred', isInferred: true });
};

/** An inferred end was wrong: the session goes on in the slot of the past, until its real end amends the record. */
export const reopened = (connector: Connector, transactionId: string, moment: Moment): Step<Connector> => {
  const kept = recentOf(connector, transactionId)?.kept;
  if (kept === undefined || slotOf(connector, transactionId)) return unchanged(connector);
  const cleared = inferredEnd(connector, 'past', moment);
  return { next: { ...cleared.next, past: kept }, changes: cleared.changes };
};

const isInside = (connector: Connector, at: number): boolean =>
  connector.recent.some(({ startedAt, endedAt }) => at > startedAt && at < endedAt);

const isOlderThanKnown = ({ session, recent }: Connector, at: number): boolean =>
  (session !== undefined && session.startedAt > at) || recent.some(({ startedAt }) => startedAt > at);

/** Opens a session: live, or in the slot of the past where a newer one is known. What stood in the slot ends by inference. */
const began = (
  connector: Connector,
  fact: SessionStarted | SessionUpdated,
  where: Moment,
  flags: readonly SessionFlag[],
): Step<Connector> => {
  const isImpossible = isInside(connector, where.at);
  const moment = isImpossible ? { ...where, at: where.receivedAt } : where;
  const slot: Slot = isOlderThanKnown(connector, moment.at) ? 'past' : 'session';
  const isCorrected = isImpossible || fact.stampedAt !== undefined;
  const all = isCorrected ? [...flags, 'clockCorrected' as const] : flags;
  const session = openSession(moment, fact, all);
  const { sessionId, transactionId } = session;
  const change: Decided = {
    type: 'SessionBegan',
    ...stamp(moment),
    sessionId,
    transactionId,
    ...defined({ tag: session.tag, meterStartWh: session.meterStartWh }),
  };
  return inTurn(
    connector,
    (before) => inferredEnd(before, slot, moment),
    (free) => ({
      next: {
        ...free,
        [slot]: session,
        ...(slot === 'session' ? { minute: openMinute(sessionId, moment.at) } : {}),
      },
      changes: [change],
    }),
  );
};

/** A start whose later messages came first: the session learns what only its start tells. */
const startLearned = (connector: Connector, slot: Slot, fact: SessionStarted): Step<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  const { tag = session.tag, meterStartWh = session.meterStartWh } = fact;
  const isKnown = tag === session.tag && meterStartWh === session.meterStartWh;
  if (isKnown) return unchanged(connector);
  return { next: { ...connector, [slot]: { ...session, ...defined({ tag, meterStartWh }) } }, changes: [] };
};

/** A first message of a session. A repeated one (the same transaction) opens nothing. */
export const sessionStarted = (connector: Connector, fact: SessionStarted, moment: Moment): Step<Connector> => {
  const slot = slotOf(connector, fact.transactionId);
  if (slot) return startLearned(connector, slot, fact);
  const recent = recentOf(connector, fact.transactionId);
  const isReuse = recent !== undefined && fact.clock === 'charger' && moment.at > recent.endedAt;
  if (recent !== undefined && !isReuse) return unchanged(connector);
  return inTurn(
    connector,
    (before) => began(before, fact, moment, []),
    (after) => restated(after, moment),
  );
};

const progressed = (connector: Connector, slot: Slot, fact: SessionUpdated, moment: Moment): Step<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  const isOld = fact.seqNo !== undefined && session.seqNo !== undefined && fact.seqNo <= session.seqNo;
  if (isOld) return unchanged(connector);
  const isGap = fact.seqNo !== undefined && session.seqNo !== undefined && fact.seqNo > session.seqNo + 1;
  const { chargingState, tag, triggerReason, seqNo } = fact;
  const isNews =
    (chargingState !== undefined && chargingState !== session.chargingState) ||
    (tag !== undefined && tag !== session.tag);
  if (!isNews && seqNo === undefined) return unchanged(connector);
  const learned = { ...session, ...defined({ chargingState, tag, seqNo }) };
  const next: Connector = { ...connector, [slot]: isGap ? flagged(learned, 'seqGap') : learned };
  if (!isNews) return unchanged(next);
  const change: Decided = {
    type: 'SessionProgressed',
    ...stamp(moment),
    sessionId: session.sessionId,
    ...defined({ chargingState, triggerReason, tag }),
  };
  return { next, changes: [change] };
};

/** A message of a running session. It opens the session if its start was lost, and never opens an ended one again. */
export const sessionUpdated = (connector: Connector, fact: SessionUpdated, moment: Moment): Step<Connector> => {
  const { transactionId } = fact;
  return inTurn(
    connector,
    (before) => reopened(before, transactionId, moment),
    (before) => {
      const slot = slotOf(before, transactionId);
      if (slot) return progressed(before, slot, fact, moment);
      return recentOf(before, transactionId) ? unchanged(before) : began(before, fact, moment, []);
    },
    (after) => restated(after, moment),
  );
};

/** The end of a session, in the charger's word. The stop of a session never heard of before makes an orphan. */
export const sessionStopped = (
  connector: Connector,
  fact: SessionStopped & { readonly transactionId: string },
  moment: Moment,
): Step<Connector> => {
  const { transactionId } = fact;
  return inTurn(
    connector,
    (before) => reopened(before, transactionId, moment),
    (before) => {
      const slot = slotOf(before, transactionId);
      if (slot) return stopped(before, slot, fact, moment);
      return recentOf(before, transactionId) ? unchanged(before) : orphaned(before, fact, moment);
    },
    (after) => restated(after, moment),
  );
};

const endingOf = ({ meterStopWh, reason, vendorReason, tag, seqNo }: SessionStopped): Ending => ({
  reason,
  ...defined({ meterStopWh, vendorReason, tag, seqNo }),
});

const stopped = (connector: Connector, slot: Slot, fact: SessionStopped, moment: Moment): Step<Connector> => {
  const session = connector[slot];
  const isGap = fact.seqNo !== undefined && session?.seqNo !== undefined && fact.seqNo > session.seqNo + 1;
  const ready: Connector = session && isGap ? { ...connector, [slot]: flagged(session, 'seqGap') } : connector;
  return ended(ready, slot, moment, endingOf(fact));
};

/** Nothing is known of this session but its end: it is told as it is, with no energy it cannot prove. */
const orphaned = (connector: Connector, fact: SessionStopped & { readonly transactionId: string }, moment: Moment) => {
  const session = openSession(moment, fact, ['orphan']);
  return inTurn(
    connector,
    (before) => inferredEnd(before, 'past', moment),
    (free) => ended({ ...free, past: session }, 'past', moment, endingOf(fact)),
  );
};

/** The sweep found that this session has no stop and never will. A sample that came after proves it wrong. */
export const sessionAbandoned = (connector: Connector, fact: SessionAbandoned, moment: Moment): Step<Connector> => {
  const slot = slotOf(connector, fact.transactionId);
  const session = slot && connector[slot];
  if (!slot || session === undefined || (session.sampledAt ?? session.startedAt) > moment.at)
    return unchanged(connector);
  return inTurn(
    connector,
    (before) => inferredEnd(before, slot, moment),
    (after) => restated(after, moment),
  );
};
