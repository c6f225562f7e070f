import { REPEAT_TOLERANCE_MS } from '../kernel/durations.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { SessionStarted, SessionUpdated } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import type { ActiveSession } from '../session/active-session.ts';
import { endingOf } from '../session/end-session.ts';
import { withStampAhead } from '../session/metered-energy.ts';
import { openSession } from '../session/open-session.ts';
import { settled } from '../session/recent-session.ts';
import { openMinute } from '../session/session-minutes.ts';
import { type Connector, type RefusedStart, recentOf, type SessionSlot, slotOf } from './connector.ts';
import { statusUpdated } from './effective-status.ts';
import { withClockAhead } from './instant-of-reading.ts';
import { orphanOf } from './orphan-stop.ts';
import {
  isRefusedStart,
  isShownToDeliver,
  isStartOfRefused,
  refusedStartOf,
  startRefused,
  withoutRefusedStart,
  withRefusedStart,
} from './refused-start.ts';
import { slotEnded, slotEndInferred } from './session-slots.ts';
import { endedSessionStarted, startLearned } from './start-learned.ts';

const isInside = (connector: Connector, at: number): boolean =>
  connector.recent.some(({ startedAt, endedAt }) => at > startedAt && at < endedAt);

const isOlderThanKnown = ({ session, recent }: Connector, at: number): boolean =>
  (session !== undefined && session.startedAt > at) || recent.some(({ startedAt }) => startedAt > at);

/** A start, with what is known beside it of a transaction that was refused. */
type KnownStart = SessionStarted & Pick<RefusedStart, 'startUnknown' | 'stop'>;

/**
 * Opens a session: the live one, or the one of the past where a newer one is known. A session that is open there ends by
 * inference. A start inside an ended session has an impossible stamp and counts from its arrival.
 */
export const sessionOpened = (
  connector: Connector,
  fact: KnownStart | SessionUpdated,
  { at: stampedAt, ...elsewhere }: EventContext,
): Transition<Connector> => {
  const isImpossible = isInside(connector, stampedAt);
  const context = { ...elsewhere, at: isImpossible ? elsewhere.receivedAt : stampedAt };
  const slot: SessionSlot = isOlderThanKnown(connector, context.at) ? 'past' : 'session';
  const isCorrected = isImpossible || fact.stampedAt !== undefined;
  const told = openSession(context, fact, isCorrected ? ['clockCorrected'] : []);
  const opened = withStampAhead(withClockAhead(told, fact.stampedAt, context), context);
  const isStartUnknown = fact.type === 'SessionUpdated' || fact.startUnknown;
  const session: ActiveSession = {
    ...opened,
    ...omitUndefined({ startStampedAt: fact.stampedAt, startUnknown: isStartUnknown || undefined }),
  };
  const { sessionId, transactionId, tag, meterStartWh } = session;
  const { tagVerdict } = fact;
  const change: PendingChange = {
    type: 'SessionBegan',
    ...contextFields(context),
    sessionId,
    transactionId,
    ...omitUndefined({ tag, meterStartWh, tagVerdict }),
  };
  const isRefused = fact.type === 'SessionStarted' && fact.meterRefused;
  const suspicion: readonly PendingChange[] = isRefused
    ? [{ type: 'MeterSuspected', ...contextFields(context), sessionId, why: 'meterStart cannot be true' }]
    : [];
  return inSequence(
    withoutRefusedStart(connector, transactionId),
    (before) => slotEndInferred(before, slot, context),
    (free) => ({
      next: {
        ...free,
        recent: free.recent.map(settled),
        [slot]: session,
        ...(slot === 'session' ? { minute: openMinute(sessionId, context.at) } : {}),
      },
      changes: [change, ...suspicion],
    }),
  );
};

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

/** A refused start after which energy flows: it is a session after all, from that start to its stop, if that is known. */
export const refusedStartOpened = (
  connector: Connector,
  start: KnownStart,
  context: EventContext,
): Transition<Connector> => {
  const { stop, transactionId } = start;
  return inSequence(
    connector,
    (before) => sessionOpened(before, start, { ...context, at: start.at, receivedAt: start.receivedAt }),
    (open) => {
      const slot = slotOf(open, transactionId);
      const toldAt = stop && { ...context, at: stop.at, receivedAt: stop.receivedAt };
      return slot && toldAt ? slotEnded(open, slot, toldAt, endingOf(stop)) : unchanged(open);
    },
  );
};

/** The start of a transaction of which a later message told that it was refused. */
const startOfRefused = (
  connector: Connector,
  { stop, ...refused }: RefusedStart,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const { at, receivedAt, tag, tagVerdict, meterStartWh = refused.meterStartWh } = fact;
  const { startUnknown: _, ...known } = refused;
  const isAccepted = tag !== undefined && tagVerdict === undefined;
  if (isAccepted) return refusedStartOpened(connector, { ...fact, ...omitUndefined({ stop }) }, context);
  const start: RefusedStart = { ...known, at, receivedAt, ...omitUndefined({ meterStartWh, stop }) };
  return isShownToDeliver(connector, start)
    ? refusedStartOpened(connector, start, context)
    : unchanged(withRefusedStart(connector, start));
};

/** A first message of a session. A refused one is remembered, a repeated one (the same transaction) opens nothing. */
export const sessionStarted = (
  connector: Connector,
  fact: SessionStarted,
  context: EventContext,
): Transition<Connector> => {
  const slot = slotOf(connector, fact.transactionId);
  const open = slot && connector[slot];
  if (slot && open && !isAnother(open, fact, context)) return startLearned(connector, slot, open, fact, context);
  const recent = recentOf(connector, fact.transactionId);
  const isReuse = recent !== undefined && fact.clock === 'charger' && context.at > recent.endedAt;
  if (!open && recent !== undefined && !isReuse) return endedSessionStarted(connector, recent, fact, context);
  const orphan = open || recent ? undefined : orphanOf(connector, fact, connector.recent);
  if (orphan) return endedSessionStarted(connector, orphan, fact, context);
  const refused = refusedStartOf(connector, fact.transactionId);
  if (refused && isStartOfRefused(refused, fact.at))
    return inSequence(
      connector,
      (before) => startOfRefused(before, refused, fact, context),
      (after) => statusUpdated(after, context),
    );
  if (isRefusedStart(fact)) return startRefused(connector, fact, context);
  return inSequence(
    connector,
    (before) => sessionOpened(before, fact, context),
    (after) => statusUpdated(after, context),
  );
};
