import type { EventContext } from '../kernel/event-context.ts';
import type { MeterSampled } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, flagged } from '../session/active-session.ts';
import { stampedApartMs } from '../session/metered-energy.ts';
import type { RecentSession } from '../session/recent-session.ts';
import { STAMP_TOLERANCE_MS } from '../session/register.ts';
import { takeSample } from '../session/take-sample.ts';
import { unsetClockCorrected } from './clock-shifted.ts';
import { type Connector, newerFrom, recentOf, type SessionSlot, slotOf } from './connector.ts';
import { limitWAt } from './connector-limit-at.ts';
import { earlierReadingTold } from './earlier-reading-told.ts';
import { statusUpdated } from './effective-status.ts';
import { instantByClockAhead, instantOfReading, isReadEarlier, withClockAhead } from './instant-of-reading.ts';
import { lateReading } from './late-reading.ts';
import { isShownToDeliver, refusedStartDelivering } from './refused-start.ts';
import { meteredSessionIn, withMeteredSession } from './session-slots.ts';
import { refusedStartOpened } from './session-started.ts';
import { takenUpAgain } from './taken-up-again.ts';
import { isUnclaimed, readingsClaimed, registerBefore, withIdleReading, withUnclaimed } from './unclaimed-reading.ts';

/** The open session an instant of the connector's meter falls into. */
const slotAt = (connector: Connector, at: number): SessionSlot | undefined => {
  const { session, past } = connector;
  if (session && at >= session.startedAt) return 'session';
  return past && at >= past.startedAt && at < newerFrom(connector, past) ? 'past' : undefined;
};

/** The id came with a transaction message: it is the station's word, known to us or not yet. */
const isOwnWord = ({ transactionId, seqNo, evseId }: MeterSampled): boolean =>
  transactionId !== undefined && (seqNo !== undefined || evseId === undefined);

/**
 * The session a reading belongs to: the one it names, else the open one its time falls into, if it is a session sample. In
 * MeterValues a name nobody gave out (an old one, or invented) says nothing; then the time must be the station's own.
 */
const ownerOf = (connector: Connector, fact: MeterSampled, at: number): SessionSlot | undefined => {
  const { transactionId, reading, clock } = fact;
  const named = transactionId === undefined ? undefined : slotOf(connector, transactionId);
  if (named || isOwnWord(fact)) return named;
  const isTimely = transactionId === undefined || clock === 'charger';
  return isTimely && reading.context !== 'clock' ? slotAt(connector, at) : undefined;
};

const ofSession = (
  connector: Connector,
  slot: SessionSlot,
  fact: MeterSampled,
  context: EventContext,
  apartMs: number | undefined,
): Transition<Connector> => {
  const metered = meteredSessionIn(connector, slot);
  if (metered === undefined) return unchanged(connector);
  const { place } = connector;
  const idleWh = registerBefore(connector, metered.session);
  const limitW = limitWAt(connector, context.at);
  const { ratedW, connectorType } = place;
  const surroundings = { ratedW, connectorType, ...omitUndefined({ idleWh, limitW, apartMs }) };
  const taken = takeSample(metered, context, fact.reading, surroundings);
  return taken.next === metered
    ? { next: connector, changes: taken.changes }
    : { next: withMeteredSession(connector, slot, taken.next), changes: taken.changes };
};

/** A reading outside any session: the register the next session starts from. */
const ofConnector = (connector: Connector, fact: MeterSampled, { at }: EventContext): Transition<Connector> => {
  if (isUnclaimed(connector, fact)) return unchanged(withUnclaimed(connector, fact));
  const { energyWh, temperatureC, context } = fact.reading;
  const isOwnTime = context !== 'clock' && context !== 'begin' && fact.clock === 'charger';
  const isSample = isOwnTime && fact.seqNo === undefined;
  const isNewer = connector.idle === undefined || at > connector.idle.at;
  const isWarmer = temperatureC !== undefined && temperatureC !== connector.temperatureC;
  const measured = isNewer && isWarmer ? { ...connector, temperatureC } : connector;
  return unchanged(
    energyWh === undefined
      ? measured
      : withIdleReading(measured, { at, energyWh, ...(isSample ? {} : { isOfNone: true }) }),
  );
};

/**
 * The ended session a reading belongs to: the one it names, else (OCPP 1.6) the one its time falls into, if it is a session
 * sample by the station's own time. After the end of a session its name is stale, and the reading the connector's.
 */
const endedOwner = (connector: Connector, fact: MeterSampled, at: number): RecentSession | undefined => {
  const { transactionId, seqNo, clock, reading } = fact;
  if (transactionId !== undefined && slotOf(connector, transactionId)) return undefined;
  const named = transactionId === undefined ? undefined : recentOf(connector, transactionId);
  if (named) return at <= named.endedAt ? named : undefined;
  if (seqNo !== undefined || clock !== 'charger' || reading.context === 'clock' || slotAt(connector, at))
    return undefined;
  return connector.recent.find(
    ({ phase, startedAt, endedAt }) => phase === 'told' && at > startedAt && at < endedAt && startedAt < endedAt,
  );
};

/**
 * The session after a reading whose stamp is not believed, and which counts from its receipt. It may have waited in a queue: as
 * long as the stamps lie further apart than it came, or since the last reading, where they do not tell.
 */
const withUnbelievedStamp = (session: ActiveSession, { clock, stampedAt }: MeterSampled, at: number): ActiveSession => {
  const { startedAt, readStampedAt, sampledAt = startedAt, queuedMs = 0 } = session;
  if (clock === 'charger' && stampedAt === undefined) return session;
  const apartMs = stampedApartMs(session, stampedAt);
  const cameApartMs = Math.max(0, at - sampledAt);
  const waitedMs = apartMs === undefined ? cameApartMs : Math.max(0, apartMs - cameApartMs);
  return {
    ...session,
    ...(stampedAt === undefined ? {} : { readStampedAt: Math.max(readStampedAt ?? stampedAt, stampedAt) }),
    ...(waitedMs > 0 ? { queuedMs: queuedMs + waitedMs } : {}),
  };
};

/**
 * When a reading of the live session was taken, where it names it, and how long after the one before, where its clock tells. That
 * its stamp could not be true stays with the session.
 */
const stampCorrected = (
  connector: Connector,
  slot: SessionSlot,
  fact: MeterSampled,
  told: EventContext,
): { readonly known: Connector; readonly context: EventContext; readonly apartMs?: number } => {
  const { session: live, place } = connector;
  const { transactionId, reading, stampedAt } = fact;
  const { energyWh } = reading;
  if (slot !== 'session' || live === undefined || energyWh === undefined) return { known: connector, context: told };
  const apart = omitUndefined({ apartMs: stampedApartMs(live, stampedAt) });
  const isNamed = live.transactionId === transactionId;
  const context = isNamed ? { ...told, at: instantByClockAhead(live, stampedAt, told) } : told;
  const session = withUnbelievedStamp(isNamed ? withClockAhead(live, stampedAt, told) : live, fact, context.at);
  const at = isNamed ? instantOfReading(session, energyWh, context, place.ratedW) : context.at;
  if (at === context.at) return { known: session === live ? connector : { ...connector, session }, context, ...apart };
  const behindMs = at - context.at;
  const isHardlyOff = behindMs <= STAMP_TOLERANCE_MS;
  return {
    known: isHardlyOff
      ? connector
      : { ...connector, session: flagged({ ...session, clockBehindMs: behindMs }, 'clockCorrected') },
    context: { ...context, at },
    ...apart,
  };
};

/** Whether a reading counts as the last one of its session only because its stamp is not believed, and was read earlier. */
const isTakenForLast = (
  connector: Connector,
  slot: SessionSlot,
  { clock, at, stampedAt = at, reading: { energyWh } }: MeterSampled,
  right: EventContext,
): boolean => {
  const session = connector[slot];
  const isByStamp = clock === 'charger' && right.at === at;
  return !isByStamp && session !== undefined && energyWh !== undefined && isReadEarlier(session, energyWh, stampedAt);
};

/**
 * Whether the reading names a session whose end was inferred and after which another one began: some chargers of OCPP 1.6 go
 * on naming an old transaction in MeterValues, which does not show that it goes on. Where that other one has ended, it may by
 * a wrong clock only seem the later one, unless the named session was the live one until its end was inferred.
 */
const isNamedByMistake = (
  connector: Connector,
  { seqNo }: MeterSampled,
  transactionId: string,
  { at }: EventContext,
): boolean => {
  const named = recentOf(connector, transactionId);
  if (named?.phase !== 'inferred' || seqNo !== undefined) return false;
  const others = [connector.session, ...(named.minute ? connector.recent : [])];
  return others.some((other) => other && other.startedAt > named.startedAt && other.startedAt <= at);
};

/** The meter was read. Without a transaction the reading belongs to the open session if it fits, else to the connector. */
export const meterSampled = (
  connector: Connector,
  fact: MeterSampled,
  context: EventContext,
): Transition<Connector> => {
  const { transactionId } = fact;
  return inSequence(
    connector,
    (before) =>
      transactionId === undefined || isNamedByMistake(before, fact, transactionId, context)
        ? unchanged(before)
        : takenUpAgain(before, transactionId, context),
    (before) => {
      // A reading that is kept is judged with the others that are.
      const isKept = transactionId !== undefined && isUnclaimed(before, fact);
      const start = isKept ? undefined : refusedStartDelivering(before, fact, context.at);
      return start ? refusedStartOpened(before, start, context) : unchanged(before);
    },
    (before) => {
      const recent = endedOwner(before, fact, context.at);
      if (recent) return lateReading(before, recent, fact, context);
      const slot = ownerOf(before, fact, context.at);
      if (slot === undefined) return ofConnector(before, fact, context);
      const { known: stamped, context: right, apartMs } = stampCorrected(before, slot, fact, context);
      if (isTakenForLast(before, slot, fact, right)) return unchanged(before);
      return inSequence(
        stamped,
        (known) => unsetClockCorrected(known, slot, right),
        (known) => earlierReadingTold(known, slot, fact, right),
        (known) => ofSession(known, slot, fact, right, apartMs),
      );
    },
    (after) => statusUpdated(after, context),
  );
};

/** Readings that came before their session was told of are taken as if they came now. */
const claimedReadingsTaken = (connector: Connector, context: EventContext): Transition<Connector> => {
  const { connector: free, facts } = readingsClaimed(connector, context);
  return inSequence(
    facts.length === 0 ? connector : free,
    ...facts.map(
      (fact) => (known: Connector) =>
        meterSampled(known, fact, { ...context, at: fact.at, receivedAt: fact.receivedAt }),
    ),
  );
};

/** After a message: a refused transaction that is shown to deliver is a session, and readings kept for sessions are theirs. */
export const earlierReadingsTaken = (connector: Connector, context: EventContext): Transition<Connector> => {
  if (connector.unclaimed === undefined && connector.idle === undefined) return unchanged(connector);
  const delivering = connector.refused?.filter((start) => isShownToDeliver(connector, start)) ?? [];
  return inSequence(
    connector,
    ...delivering.map((start) => (known: Connector) => refusedStartOpened(known, start, context)),
    (known) => claimedReadingsTaken(known, context),
  );
};
