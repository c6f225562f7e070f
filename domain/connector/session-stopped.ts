import { DAY_MS } from '../kernel/durations.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { SessionAbandoned, SessionStopped } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, flagged, withRefusal, withSeqNo } from '../session/active-session.ts';
import { endingOf } from '../session/end-session.ts';
import { openSession } from '../session/open-session.ts';
import { STAMP_TOLERANCE_MS } from '../session/register.ts';
import { unsetClockCorrected } from './clock-shifted.ts';
import { type Connector, type RefusedStart, recentOf, type SessionSlot, slotOf } from './connector.ts';
import { statusUpdated } from './effective-status.ts';
import { instantByClockAhead, instantOfReading } from './instant-of-reading.ts';
import {
  authorizationRefused,
  isShownToDeliver,
  refusedStartOf,
  startRefused,
  withRefusedStart,
} from './refused-start.ts';
import { slotEnded, slotEndInferred } from './session-slots.ts';
import { refusedStartOpened } from './session-started.ts';
import { takenUpAgain } from './taken-up-again.ts';
import { endedSessionTagged } from './withdrawn-session.ts';

type Stop = SessionStopped & { readonly transactionId: string };

/** What a stop tells of the tag of its session: one that had none was refused after all. */
const withStopTag = (
  session: ActiveSession,
  { transactionId, tag, tagVerdict }: Stop,
  context: EventContext,
): Transition<ActiveSession> => {
  if (tagVerdict === undefined) return unchanged(session);
  const refused = omitUndefined({ tag });
  const next = withRefusal(session, { verdict: tagVerdict, ...refused });
  if (next === session) return unchanged(session);
  return {
    next,
    changes: [authorizationRefused({ transactionId, ...refused }, tagVerdict, context)],
  };
};

/**
 * When a session ended. A stop that is stamped before its start was stamped by a clock that was set back in between: it
 * ended when that was received, as far as one can tell, and no more than a day after the last that is known of it. So it is
 * where the stamp lies among those of its readings and its register shows that it is from after them, or where theirs were
 * wrong already.
 */
const endOf = (
  { place }: Connector,
  slot: SessionSlot,
  session: ActiveSession,
  { meterStopWh, stampedAt }: Stop,
  heard: EventContext,
): number => {
  const { startedAt, sampledAt = startedAt, flags } = session;
  const at = instantByClockAhead(session, stampedAt, heard);
  const { receivedAt } = heard;
  const told = { ...heard, at };
  const receivedInTime = Math.min(receivedAt, sampledAt + DAY_MS);
  if (at < startedAt - STAMP_TOLERANCE_MS) return receivedInTime;
  if (slot === 'past') return at;
  if (flags.includes('clockCorrected') && at < sampledAt - STAMP_TOLERANCE_MS) return receivedInTime;
  return meterStopWh === undefined ? at : instantOfReading(session, meterStopWh, told, place.ratedW);
};

const stopped = (connector: Connector, slot: SessionSlot, fact: Stop, told: EventContext): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  const context = { ...told, at: endOf(connector, slot, session, fact, told) };
  const stampedRight = context.at - told.at <= STAMP_TOLERANCE_MS ? session : flagged(session, 'clockCorrected');
  const inOrder = withSeqNo(stampedRight, fact.seqNo);
  const tagged = withStopTag(inOrder, fact, context);
  const ended = inSequence(
    { ...connector, [slot]: tagged.next },
    (known) => unsetClockCorrected(known, slot, context),
    (right) => slotEnded(right, slot, context, endingOf(fact)),
  );
  return { next: ended.next, changes: [...tagged.changes, ...ended.changes] };
};

/** Nothing is known of this session but its end: it is recorded as it is, with no energy it cannot prove. */
const orphaned = (connector: Connector, fact: Stop, context: EventContext): Transition<Connector> => {
  const { tagVerdict } = fact;
  if (tagVerdict) {
    const { reason: _, ...told } = fact;
    return startRefused(
      connector,
      { ...told, type: 'SessionStarted', tagVerdict, startUnknown: true, stop: fact },
      context,
    );
  }
  // That its register was refused is told with its end.
  const { meterRefused: _, ...opening } = fact;
  const session = openSession(context, opening, ['orphan']);
  return inSequence(
    connector,
    (before) => slotEndInferred(before, 'past', context),
    (free) => slotEnded({ ...free, past: session }, 'past', context, endingOf(fact)),
  );
};

/** The stop of a refused start: nothing, unless by now energy is known to have flowed all the same. */
const refusedStopped = (
  connector: Connector,
  known: RefusedStart,
  fact: Stop,
  context: EventContext,
): Transition<Connector> => {
  const start: RefusedStart = { ...known, stop: fact };
  return isShownToDeliver(connector, start)
    ? refusedStartOpened(connector, start, context)
    : unchanged(known.stop ? connector : withRefusedStart(connector, start));
};

/** The end of a session, in the charger's word. The stop of a session never heard of before makes an orphan. */
export const sessionStopped = (connector: Connector, fact: Stop, context: EventContext): Transition<Connector> => {
  const { transactionId } = fact;
  return inSequence(
    connector,
    (before) => takenUpAgain(before, transactionId, context),
    (before) => {
      const slot = slotOf(before, transactionId);
      if (slot) return stopped(before, slot, fact, context);
      const recent = recentOf(before, transactionId);
      // The tag of a stop of OCPP 1.6 only says who stopped.
      if (recent)
        return fact.seqNo === undefined ? unchanged(before) : endedSessionTagged(before, recent, fact, context);
      const refused = refusedStartOf(before, transactionId);
      return refused ? refusedStopped(before, refused, fact, context) : orphaned(before, fact, context);
    },
    (after) => statusUpdated(after, context),
  );
};

/** The sweep found that this session has no stop and never will. A sample that came after proves it wrong. */
export const sessionAbandoned = (
  connector: Connector,
  fact: SessionAbandoned,
  context: EventContext,
): Transition<Connector> => {
  const slot = slotOf(connector, fact.transactionId);
  const session = slot && connector[slot];
  if (!slot || session === undefined || (session.sampledAt ?? session.startedAt) > context.at)
    return unchanged(connector);
  return inSequence(
    connector,
    (before) => slotEndInferred(before, slot, context),
    (after) => statusUpdated(after, context),
  );
};
