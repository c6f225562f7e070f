import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionUpdated, TagRefusal } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import {
  type ActiveSession,
  type Refusal,
  withAcceptedTag,
  withRefusal,
  withSeqNo,
} from '../session/active-session.ts';
import type { RecentSession } from '../session/recent-session.ts';
import { type Connector, type RefusedStart, recentOf, type SessionSlot, slotOf } from './connector.ts';
import { statusUpdated } from './effective-status.ts';
import { authorizationRefused, isShownIdle, refusedStartOf, startRefused, withRefusedStart } from './refused-start.ts';
import { withoutSession } from './session-slots.ts';
import { refusedStartOpened, sessionOpened } from './session-started.ts';
import { takenUpAgain } from './taken-up-again.ts';
import { endedSessionTagged, isUnused, missingMessageCame, openSessionWithdrawn } from './withdrawn-session.ts';

const isOld = (session: ActiveSession, seqNo: number | undefined): boolean =>
  seqNo !== undefined && session.seqNo !== undefined && seqNo <= session.seqNo;

const refusalIn = ({ tag }: SessionUpdated, verdict: TagRefusal): Refusal => ({ verdict, ...omitUndefined({ tag }) });

/** Whether an accepted tag has told whose session it is. */
const isOwned = ({ tag, refusal }: ActiveSession): boolean => tag !== undefined && refusal === undefined;

/**
 * The session after what a message says of its tag. A refused one says nothing of a session that has a tag, and the one that
 * authorized a stop (a master pass, or another card of the group) only who stopped.
 */
const withTag = (session: ActiveSession, fact: SessionUpdated): ActiveSession => {
  const { tag, tagVerdict, triggerReason } = fact;
  if (tagVerdict) return withRefusal(session, refusalIn(fact, tagVerdict));
  if (tag === undefined || (triggerReason === 'StopAuthorized' && isOwned(session))) return session;
  return withAcceptedTag(session, tag);
};

const withUpdate = (session: ActiveSession, fact: SessionUpdated): ActiveSession => {
  const { chargingState, seqNo, remoteStartId } = fact;
  return withTag({ ...withSeqNo(session, seqNo), ...omitUndefined({ chargingState, remoteStartId }) }, fact);
};

/**
 * Of an older message only its tag still counts, where the session has none (whose it is, or why it is nobody's), and that it
 * is no longer missing.
 */
const tagToldLate = (
  connector: Connector,
  slot: SessionSlot,
  session: ActiveSession,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const known = withSeqNo(session, fact.seqNo);
  const tagged = isOwned(known) ? known : withTag(known, fact);
  if (tagged === session) return unchanged(connector);
  return {
    next: { ...connector, [slot]: tagged },
    changes: fact.tagVerdict && tagged !== known ? [authorizationRefused(fact, fact.tagVerdict, context)] : [],
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
  const { tagVerdict, triggerReason, seqNo } = fact;
  if (tagVerdict && fact.chargingState !== 'charging' && isUnused(session)) {
    const last = isOld(session, seqNo) ? session : { ...session, ...omitUndefined({ seqNo }) };
    return openSessionWithdrawn(withoutSession(connector, slot), last, refusalIn(fact, tagVerdict), context);
  }
  if (isOld(session, seqNo)) return tagToldLate(connector, slot, session, fact, context);
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
              tag: tagVerdict || fact.tag !== tag ? undefined : tag,
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
  known: RefusedStart,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const { tag, tagVerdict, chargingState, seqNo } = fact;
  const start = known.startUnknown ? { ...known, at: Math.min(known.at, context.at) } : known;
  const isAccepted = tag !== undefined && tagVerdict === undefined;
  if (!isAccepted && (chargingState !== 'charging' || isShownIdle(connector, start))) {
    const isNext = seqNo !== undefined && seqNo === (start.seqNo ?? 0) + 1;
    const next = isNext ? { ...start, seqNo } : start;
    return unchanged(next === known ? connector : withRefusedStart(connector, next));
  }
  const { tagVerdict: _, ...unrefused } = start;
  return inSequence(
    connector,
    (before) => refusedStartOpened(before, isAccepted ? { ...unrefused, tag } : start, context),
    (before) => {
      const slot = slotOf(before, fact.transactionId);
      return slot ? progressed(before, slot, fact, context) : unchanged(before);
    },
  );
};

/** The refusal is the first that is known of its transaction: its start may still come. */
const updateRefused = (
  connector: Connector,
  { chargingState: _, triggerReason: __, ...told }: SessionUpdated,
  tagVerdict: TagRefusal,
  context: EventContext,
): Transition<Connector> =>
  startRefused(connector, { ...told, type: 'SessionStarted', tagVerdict, startUnknown: true }, context);

/** A message of a session that ended: it may be one that was missing, and tell of its tag. */
const endedSessionUpdated = (
  connector: Connector,
  recent: RecentSession,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> =>
  inSequence(
    connector,
    (before) => missingMessageCame(before, recent, fact.seqNo, context),
    (before) => endedSessionTagged(before, recentOf(before, fact.transactionId) ?? recent, fact, context),
  );

/** A message of a running session. It opens the session if its start was lost, and never opens an ended one again. */
export const sessionUpdated = (
  connector: Connector,
  fact: SessionUpdated,
  context: EventContext,
): Transition<Connector> => {
  const { transactionId } = fact;
  return inSequence(
    connector,
    (before) => takenUpAgain(before, transactionId, context),
    (before) => {
      const slot = slotOf(before, transactionId);
      if (slot) return progressed(before, slot, fact, context);
      const recent = recentOf(before, transactionId);
      if (recent) return endedSessionUpdated(before, recent, fact, context);
      const refused = refusedStartOf(before, transactionId);
      if (refused) return refusedStartUpdated(before, refused, fact, context);
      return fact.tagVerdict && fact.chargingState !== 'charging'
        ? updateRefused(before, fact, fact.tagVerdict, context)
        : sessionOpened(before, fact, context);
    },
    (after) => statusUpdated(after, context),
  );
};
