import type { EventContext } from '../kernel/event-context.ts';
import type { SessionAbandoned, SessionStopped } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import { openSession } from '../session/begin.ts';
import type { Ending } from '../session/end.ts';
import { flagged } from '../session/metering.ts';
import { ended, inferredEnd, reopened } from './closing.ts';
import type { Connector } from './connector.ts';
import { restated } from './effective-status.ts';
import { isGap } from './progress.ts';
import { recentOf, type SessionSlot, slotOf } from './slots.ts';

type Stop = SessionStopped & { readonly transactionId: string };

const endingOf = ({ meterStopWh, reason, vendorReason, tag, seqNo }: SessionStopped): Ending => ({
  reason,
  ...omitUndefined({ meterStopWh, vendorReason, tag, seqNo }),
});

const stopped = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionStopped,
  moment: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  const ready: Connector =
    session && isGap(session, fact.seqNo) ? { ...connector, [slot]: flagged(session, 'seqGap') } : connector;
  return ended(ready, slot, moment, endingOf(fact));
};

/** Nothing is known of this session but its end: it is told as it is, with no energy it cannot prove. */
const orphaned = (connector: Connector, fact: Stop, moment: EventContext): Transition<Connector> => {
  const session = openSession(moment, fact, ['orphan']);
  return inSequence(
    connector,
    (before) => inferredEnd(before, 'past', moment),
    (free) => ended({ ...free, past: session }, 'past', moment, endingOf(fact)),
  );
};

/** The end of a session, in the charger's word. The stop of a session never heard of before makes an orphan. */
export const sessionStopped = (connector: Connector, fact: Stop, moment: EventContext): Transition<Connector> => {
  const { transactionId } = fact;
  return inSequence(
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

/** The sweep found that this session has no stop and never will. A sample that came after proves it wrong. */
export const sessionAbandoned = (
  connector: Connector,
  fact: SessionAbandoned,
  moment: EventContext,
): Transition<Connector> => {
  const slot = slotOf(connector, fact.transactionId);
  const session = slot && connector[slot];
  if (!slot || session === undefined || (session.sampledAt ?? session.startedAt) > moment.at)
    return unchanged(connector);
  return inSequence(
    connector,
    (before) => inferredEnd(before, slot, moment),
    (after) => restated(after, moment),
  );
};
