import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionUpdated } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { flagged } from '../session/metering.ts';
import type { ActiveSession } from '../session/session.ts';
import { reopened } from './closing.ts';
import type { Connector } from './connector.ts';
import { restated } from './effective-status.ts';
import { recentOf, type SessionSlot, slotOf } from './slots.ts';
import { began } from './starting.ts';

/** Whether events are missing between what the session knows and this sequence number. */
export const isGap = (session: ActiveSession | undefined, seqNo: number | undefined): boolean =>
  seqNo !== undefined && session?.seqNo !== undefined && seqNo > session.seqNo + 1;

const isOld = (session: ActiveSession, seqNo: number | undefined): boolean =>
  seqNo !== undefined && session.seqNo !== undefined && seqNo <= session.seqNo;

const learned = (session: ActiveSession, { chargingState, tag, seqNo, tagVerdict }: SessionUpdated): ActiveSession => {
  const said = { ...session, ...omitUndefined({ chargingState, tag, seqNo }) };
  const judged = tagVerdict ? flagged(said, 'tagRefused') : said;
  return isGap(session, seqNo) ? flagged(judged, 'seqGap') : judged;
};

const progressed = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionUpdated,
  moment: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined || isOld(session, fact.seqNo)) return unchanged(connector);
  const { chargingState, tag, triggerReason, seqNo } = fact;
  const isNews =
    (chargingState !== undefined && chargingState !== session.chargingState) ||
    (tag !== undefined && tag !== session.tag);
  if (!isNews && seqNo === undefined) return unchanged(connector);
  const next: Connector = { ...connector, [slot]: learned(session, fact) };
  if (!isNews) return unchanged(next);
  const change: PendingChange = {
    type: 'SessionProgressed',
    ...contextFields(moment),
    sessionId: session.sessionId,
    ...omitUndefined({ chargingState, triggerReason, tag }),
  };
  return { next, changes: [change] };
};

/** A message of a running session. It opens the session if its start was lost, and never opens an ended one again. */
export const sessionUpdated = (
  connector: Connector,
  fact: SessionUpdated,
  moment: EventContext,
): Transition<Connector> => {
  const { transactionId } = fact;
  return inSequence(
    connector,
    (before) => reopened(before, transactionId, moment),
    (before) => {
      const slot = slotOf(before, transactionId);
      if (slot) return progressed(before, slot, fact, moment);
      return recentOf(before, transactionId) ? unchanged(before) : began(before, fact, moment);
    },
    (after) => restated(after, moment),
  );
};
