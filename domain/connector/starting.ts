import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionStarted, SessionUpdated } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { openSession } from '../session/begin.ts';
import { flagged } from '../session/metering.ts';
import { openMinute } from '../session/minutes.ts';
import type { ActiveSession, RecentSession } from '../session/session.ts';
import { inferredEnd } from './closing.ts';
import type { Connector } from './connector.ts';
import { restated } from './effective-status.ts';
import { startedLate, startToldLater } from './late-start.ts';
import { recentOf, type SessionSlot, slotOf } from './slots.ts';

const isInside = (connector: Connector, at: number): boolean =>
  connector.recent.some(({ startedAt, endedAt }) => at > startedAt && at < endedAt);

const isOlderThanKnown = ({ session, recent }: Connector, at: number): boolean =>
  (session !== undefined && session.startedAt > at) || recent.some(({ startedAt }) => startedAt > at);

/** From the next session on, an ended one is history: only one whose start is unknown still waits for it. */
const settled = (recent: RecentSession): RecentSession => {
  const isWaiting = recent.told?.startUnknown || recent.told?.record.flags.includes('orphan');
  if (recent.told === undefined || isWaiting) return recent;
  const { told: _, ...rest } = recent;
  return rest;
};

/** Opens a session: live, or in the slot of the past where a newer one is known. What stood in the slot ends by inference. */
export const began = (
  connector: Connector,
  fact: SessionStarted | SessionUpdated,
  where: EventContext,
): Transition<Connector> => {
  const isImpossible = isInside(connector, where.at);
  const moment = isImpossible ? { ...where, at: where.receivedAt } : where;
  const slot: SessionSlot = isOlderThanKnown(connector, moment.at) ? 'past' : 'session';
  const isCorrected = isImpossible || fact.stampedAt !== undefined;
  const opened = openSession(moment, fact, isCorrected ? ['clockCorrected'] : []);
  const session: ActiveSession = fact.type === 'SessionUpdated' ? { ...opened, startUnknown: true } : opened;
  const { sessionId, transactionId } = session;
  const change: PendingChange = {
    type: 'SessionBegan',
    ...contextFields(moment),
    sessionId,
    transactionId,
    ...omitUndefined({ tag: session.tag, meterStartWh: session.meterStartWh }),
  };
  return inSequence(
    connector,
    (before) => inferredEnd(before, slot, moment),
    (free) => ({
      next: {
        ...free,
        recent: free.recent.map(settled),
        [slot]: session,
        ...(slot === 'session' ? { minute: openMinute(sessionId, moment.at) } : {}),
      },
      changes: [change],
    }),
  );
};

/** A start whose later messages came first: the session learns what only its start tells. */
const startLearned = (
  connector: Connector,
  slot: SessionSlot,
  fact: SessionStarted,
  moment: EventContext,
): Transition<Connector> => {
  const session = connector[slot];
  if (session === undefined) return unchanged(connector);
  if (session.startUnknown) return startToldLater(connector, slot, fact, moment);
  const { tag = session.tag, meterStartWh = session.meterStartWh, tagVerdict } = fact;
  const isKnown = tag === session.tag && meterStartWh === session.meterStartWh;
  const isRefused = tagVerdict !== undefined && !session.flags.includes('tagRefused');
  if (isKnown && !isRefused) return unchanged(connector);
  const learned = { ...session, ...omitUndefined({ tag, meterStartWh }) };
  return unchanged({ ...connector, [slot]: isRefused ? flagged(learned, 'tagRefused') : learned });
};

/** A repeated start has the stamp of the first, give or take a corrected clock. */
const REPEAT_TOLERANCE_MS = 120_000;

/** Stations count their transactions from the beginning again: a start from after the last reading is another session's. */
const isAnother = (
  { startedAt, sampledAt }: ActiveSession,
  { clock, stampedAt }: SessionStarted,
  { at }: EventContext,
): boolean =>
  clock === 'charger' &&
  stampedAt === undefined &&
  at > startedAt + REPEAT_TOLERANCE_MS &&
  at > (sampledAt ?? startedAt);

/** A first message of a session. A repeated one (the same transaction) opens nothing. */
export const sessionStarted = (
  connector: Connector,
  fact: SessionStarted,
  moment: EventContext,
): Transition<Connector> => {
  const slot = slotOf(connector, fact.transactionId);
  const open = slot && connector[slot];
  if (slot && open && !isAnother(open, fact, moment)) return startLearned(connector, slot, fact, moment);
  const recent = recentOf(connector, fact.transactionId);
  const isReuse = recent !== undefined && fact.clock === 'charger' && moment.at > recent.endedAt;
  if (!open && recent !== undefined && !isReuse) return startedLate(connector, recent, fact, moment);
  return inSequence(
    connector,
    (before) => began(before, fact, moment),
    (after) => restated(after, moment),
  );
};
