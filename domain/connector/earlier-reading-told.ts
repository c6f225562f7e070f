import { LONGEST_GAP_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { MeterSampled } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, type MeteredSession, withFlag } from '../session/active-session.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { minutesCorrected, runningMinutesCorrected } from '../session/session-minutes.ts';
import { withEarlierReading } from '../session/with-earlier-start.ts';
import { type Connector, type SessionSlot, withRecent } from './connector.ts';
import { meteredSessionIn, withMeteredSession } from './session-slots.ts';

/** Whether a session can have begun at `at`: no older one reaches beyond it, and it is not absurdly long before. */
export const canBeginAt = (
  { session, past, recent }: Connector,
  own: ActiveSession | EndedSession,
  at: number,
): boolean => {
  if (own.startedAt - at > LONGEST_GAP_MS) return false;
  const others = [session, past, ...recent].flatMap((other) =>
    other && other.sessionId !== own.sessionId && other.startedAt < own.startedAt ? [other] : [],
  );
  return others.every((other) => ('endedAt' in other ? other.endedAt : other.startedAt) <= at);
};

/** The open session of a slot after its curve changed from its start on. One of the past tells its minutes when it ends. */
export const withMinutesToldAgain = (
  connector: Connector,
  slot: SessionSlot,
  { session, minute }: MeteredSession,
  context: EventContext,
): Transition<Connector> => {
  if (minute === undefined) return unchanged(withMeteredSession(connector, slot, { session }));
  const corrected = runningMinutesCorrected(session, minute, context);
  return {
    next: withMeteredSession(connector, slot, {
      session: { ...session, minutesOutdated: true },
      minute: corrected.next,
    }),
    changes: corrected.changes,
  };
};

/** A reading from before all that an open session knew of itself: the session reaches back to it. */
export const earlierReadingTold = (
  connector: Connector,
  slot: SessionSlot,
  { reading, clock }: MeterSampled,
  context: EventContext,
): Transition<Connector> => {
  const metered = meteredSessionIn(connector, slot);
  if (metered === undefined || reading.energyWh === undefined || clock !== 'charger') return unchanged(connector);
  const { session } = metered;
  const isStartUnknown = session.startUnknown === true && canBeginAt(connector, session, context.at);
  const earlier = withEarlierReading(session, isStartUnknown, context.at, reading.energyWh, connector.place.ratedW);
  return earlier === session
    ? unchanged(connector)
    : withMinutesToldAgain(connector, slot, { ...metered, session: earlier }, context);
};

/**
 * A reading from before all that an ended session knew of itself: its record reaches back to it. Undefined where the reading
 * is no such one. Of an orphan more than its stop is known then; only a start under another id (OCPP 1.6) still looks for it.
 */
export const recordExtended = (
  connector: Connector,
  recent: RecentSession & ToldEnd,
  rawWh: number,
  context: EventContext,
): Transition<Connector> | undefined => {
  const { record, register } = recent;
  const isOrphan = record.flags.includes('orphan');
  const isStartUnknown = recent.startUnknown === true || isOrphan;
  const known = {
    ...record,
    ...omitUndefined({ register: register ?? (isOrphan ? stopRegister(record) : undefined), times: recent.times }),
  };
  const isMovable = isStartUnknown && canBeginAt(connector, record, context.at);
  const earlier = withEarlierReading(known, isMovable, context.at, rawWh, connector.place.ratedW);
  if (earlier === known) return undefined;
  const { register: read, times, ...extended } = earlier;
  const flags = recent.seqNo === undefined ? record.flags : record.flags.filter((flag) => flag !== 'orphan');
  const amended: EndedSession = { ...extended, flags: withFlag(flags, 'lateArrival'), rev: connector.rev + 1 };
  const { startedAt, endedAt } = amended;
  return {
    next: withRecent(connector, {
      ...recent,
      startedAt,
      record: amended,
      minutesFromCurve: true,
      ...omitUndefined({ register: read, times, startUnknown: isStartUnknown || undefined }),
    }),
    changes: [
      ...minutesCorrected(amended, startedAt, endedAt, context),
      { type: 'SessionAmended', ...contextFields(context), at: endedAt, session: amended },
    ],
  };
};

/** The register of an orphan, whose stop is the first that was known of it. */
const stopRegister = ({ meterStopWh }: EndedSession) =>
  meterStopWh === undefined ? undefined : { zeroWh: meterStopWh, factor: 1, carriedWh: 0 };
