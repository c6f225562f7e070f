import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionUpdated } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, flagged, isSequenceGap } from '../session/active-session.ts';
import type { Connector, RefusedStart } from './connector.ts';
import { statusUpdated } from './effective-status.ts';
import { authorizationRefused, refusedStartOf, withRefusedStart } from './refused-start.ts';
import { isRefusedUpdate, isUnused, sessionWithdrawn, updateRefused } from './refused-update.ts';
import { inferredEndUndone, recentOf, type SessionSlot, slotOf } from './session-slots.ts';
import { refusedStartOpened, sessionOpened } from './session-start.ts';

const isOld = (session: ActiveSession, seqNo: number | undefined): boolean =>
  seqNo !== undefined && session.seqNo !== undefined && seqNo <= session.seqNo;

/** The session after a message of it. A refused tag is not its tag, and says nothing of a session that has one. */
const withUpdate = (session: ActiveSession, fact: SessionUpdated): ActiveSession => {
  const { chargingState, tag, seqNo, tagVerdict, remoteStartId } = fact;
  const isRefused = tagVerdict !== undefined;
  const told = omitUndefined({ chargingState, seqNo, remoteStartId, tag: isRefused ? undefined : tag });
  const updated = { ...session, ...told };
  const judged = isRefused && session.tag === undefined ? flagged(updated, 'tagRefused') : updated;
  return isSequenceGap(session, seqNo) ? flagged(judged, 'seqGap') : judged;
};

/** Of an older message only a refusal still counts, where the session has no tag: it is the reason why. */
const refusalToldLate = (
  connector: Connector,
  slot: SessionSlot,
  session: ActiveSession,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const { tagVerdict } = fact;
  if (tagVerdict === undefined || session.tag !== undefined || session.flags.includes('tagRefused'))
    return unchanged(connector);
  return {
    next: { ...connector, [slot]: flagged(session, 'tagRefused') },
    changes: [authorizationRefused(fact, tagVerdict, context)],
  };
};

const progressed = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  if (isRefusedUpdate(fact) && isUnused(session)) return sessionWithdrawn(connector, slot, session, fact, context);
  if (isOld(session, fact.seqNo)) return refusalToldLate(connector, slot, session, fact, context);
  const { tagVerdict, triggerReason, seqNo } = fact;
  const updated = withUpdate(session, fact);
  const { chargingState, tag } = updated;
  const isNews = chargingState !== session.chargingState || tag !== session.tag;
  const changes: readonly PendingChange[] = [
    ...(tagVerdict ? [authorizationRefused(fact, tagVerdict, context)] : []),
    ...(isNews
      ? [
          {
            type: 'SessionProgressed',
            ...contextFields(context),
            sessionId: session.sessionId,
            ...omitUndefined({
              chargingState: fact.chargingState,
              triggerReason,
              tag: tagVerdict ? undefined : fact.tag,
            }),
          } as const,
        ]
      : []),
  ];
  if (changes.length === 0 && seqNo === undefined) return unchanged(connector);
  return { next: { ...connector, [slot]: updated }, changes };
};

/** A message of a transaction that was refused: the session begins once it charges, or once a tag is accepted after all. */
const refusedStartUpdated = (
  connector: Connector,
  start: RefusedStart,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const isAccepted = fact.tag !== undefined && fact.tagVerdict === undefined;
  const { tagVerdict: _, tag: __, ...unrefused } = start;
  if (!isAccepted && fact.chargingState !== 'charging') {
    const isNext = fact.seqNo !== undefined && fact.seqNo === (start.seqNo ?? 0) + 1;
    return unchanged(isNext ? withRefusedStart(connector, { ...start, seqNo: fact.seqNo }) : connector);
  }
  return inSequence(
    connector,
    (before) => refusedStartOpened(before, isAccepted ? unrefused : start, context),
    (before) => {
      const slot = slotOf(before, fact.transactionId);
      return slot ? progressed(before, slot, fact, context) : unchanged(before);
    },
  );
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
      if (recentOf(before, transactionId)) return unchanged(before);
      const refused = refusedStartOf(before, transactionId);
      if (refused) return refusedStartUpdated(before, refused, fact, context);
      return isRefusedUpdate(fact) ? updateRefused(before, fact, context) : sessionOpened(before, fact, context);
    },
    (after) => statusUpdated(after, context),
  );
};
