import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionUpdated } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, flagged, isSequenceGap } from '../session/active-session.ts';
import type { Connector } from './connector.ts';
import { statusUpdated } from './effective-status.ts';
import { inferredEndUndone, recentOf, type SessionSlot, slotOf } from './session-slots.ts';
import { sessionOpened } from './session-start.ts';

const isOld = (session: ActiveSession, seqNo: number | undefined): boolean =>
  seqNo !== undefined && session.seqNo !== undefined && seqNo <= session.seqNo;

const withUpdate = (
  session: ActiveSession,
  { chargingState, tag, seqNo, tagVerdict }: SessionUpdated,
): ActiveSession => {
  const updated = { ...session, ...omitUndefined({ chargingState, tag, seqNo }) };
  const judged = tagVerdict ? flagged(updated, 'tagRefused') : updated;
  return isSequenceGap(session, seqNo) ? flagged(judged, 'seqGap') : judged;
};

const progressed = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined || isOld(session, fact.seqNo)) return unchanged(connector);
  const { chargingState, tag, triggerReason, seqNo } = fact;
  const isNews =
    (chargingState !== undefined && chargingState !== session.chargingState) ||
    (tag !== undefined && tag !== session.tag);
  if (!isNews && seqNo === undefined) return unchanged(connector);
  const next: Connector = { ...connector, [slot]: withUpdate(session, fact) };
  if (!isNews) return unchanged(next);
  const change: PendingChange = {
    type: 'SessionProgressed',
    ...contextFields(context),
    sessionId: session.sessionId,
    ...omitUndefined({ chargingState, triggerReason, tag }),
  };
  return { next, changes: [change] };
};

/** A message of a running session. It opens the session if its start was lost, and never opens an ended one again. */
export const sessionUpdated = (
  connector: Connector,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const { transactionId } = fact;
  return inSequence(
    connector,
    (before) => inferredEndUndone(before, transactionId, context),
    (before) => {
      const slot = slotOf(before, transactionId);
      if (slot) return progressed(before, slot, fact, context);
      return recentOf(before, transactionId) ? unchanged(before) : sessionOpened(before, fact, context);
    },
    (after) => statusUpdated(after, context),
  );
};
