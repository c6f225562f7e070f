import type { EventContext } from '../kernel/event-context.ts';
import type { SessionAbandoned, SessionStopped } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import { flagged, isSequenceGap } from '../session/active-session.ts';
import type { Ending } from '../session/end-session.ts';
import { openSession } from '../session/open-session.ts';
import { unsetClockCorrected } from './clock-shift.ts';
import type { Connector, RefusedStart } from './connector.ts';
import { statusUpdated } from './effective-status.ts';
import { hasDelivered, refusedStartOf } from './refused-start.ts';
import { inferredEndUndone, recentOf, type SessionSlot, slotEnded, slotEndInferred, slotOf } from './session-slots.ts';
import { refusedStartOpened } from './session-start.ts';

type Stop = SessionStopped & { readonly transactionId: string };

/** What a stop says about the end of its session. */
export const endingOf = ({ meterStopWh, meterRefused, reason, vendorReason, tag, seqNo }: SessionStopped): Ending => ({
  reason,
  ...omitUndefined({ meterStopWh, meterRefused, vendorReason, tag, seqNo }),
});

const stopped = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionStopped,
  context: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  const ready: Connector =
    session && isSequenceGap(session, fact.seqNo) ? { ...connector, [slot]: flagged(session, 'seqGap') } : connector;
  return inSequence(
    ready,
    (known) => unsetClockCorrected(known, slot, context),
    (right) => slotEnded(right, slot, context, endingOf(fact)),
  );
};

/** Nothing is known of this session but its end: it is recorded as it is, with no energy it cannot prove. */
const orphaned = (connector: Connector, fact: Stop, context: EventContext): Transition<Connector> => {
  // That its register was refused is told with its end.
  const { meterRefused: _, ...opening } = fact;
  const session = openSession(context, opening, ['orphan']);
  return inSequence(
    connector,
    (before) => slotEndInferred(before, 'past', context),
    (free) => slotEnded({ ...free, past: session }, 'past', context, endingOf(fact)),
  );
};

/** The stop of a refused start: nothing, unless energy flowed all the same. */
const refusedStopped = (
  connector: Connector,
  start: RefusedStart,
  fact: Stop,
  context: EventContext,
): Transition<Connector> => {
  if (!hasDelivered(start, fact.meterStopWh)) return unchanged(connector);
  return inSequence(
    connector,
    (before) => refusedStartOpened(before, start, context),
    (before) => {
      const slot = slotOf(before, fact.transactionId);
      return slot ? stopped(before, slot, fact, context) : unchanged(before);
    },
  );
};

/** The end of a session, in the charger's word. The stop of a session never heard of before makes an orphan. */
export const sessionStopped = (connector: Connector, fact: Stop, context: EventContext): Transition<Connector> => {
  const { transactionId } = fact;
  return inSequence(
    connector,
    (before) => inferredEndUndone(before, transactionId, context),
    (before) => {
      const slot = slotOf(before, transactionId);
      if (slot) return stopped(before, slot, fact, context);
      if (recentOf(before, transactionId)) return unchanged(before);
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
