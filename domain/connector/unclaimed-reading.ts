import { LONGEST_GAP_MS, MINUTE_MS, QUARTER_HOUR_MS, SECOND_MS } from '../kernel/durations.ts';
import type { Curve } from '../kernel/ended-session.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { MeterSampled } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ActiveSession } from '../session/active-session.ts';
import { roundWh } from '../session/meter-curve.ts';
import { believedAt } from '../session/metered-energy.ts';
import { STANDBY_W, STANDBY_WH } from '../session/register.ts';
import { type Connector, type IdleReading, recentOf, slotOf, type UnclaimedReading } from './connector.ts';
import { isOrphanStop } from './orphan-stop.ts';
import { refusedStartOf } from './refused-start.ts';

/** With more than this many, every second one is let go. */
const MOST = 100;

const isSession = (connector: Connector, transactionId: string): boolean =>
  (slotOf(connector, transactionId) ?? recentOf(connector, transactionId)) !== undefined;

/** Whether only the stop is known of a session of OCPP 1.6 that the instant may fall into. */
const isBeforeOrphan = ({ recent }: Connector, at: number): boolean =>
  recent.some(
    (ended) =>
      isOrphanStop(ended) && ended.seqNo === undefined && at <= ended.endedAt && ended.endedAt - at <= LONGEST_GAP_MS,
  );

/** Whether energy flowed between a register reading and those taken while nobody charged, and no known session explains it. */
const hasFlowed = ({ idle, recent }: Connector, at: number, energyWh: number): boolean => {
  if (idle === undefined) return false;
  const { at: sinceAt, energyWh: sinceWh } = idle.since ?? idle;
  const hasEndedIn = (fromAt: number, toAt: number): boolean =>
    recent.some(({ endedAt }) => endedAt > fromAt && endedAt <= toAt);
  return at >= sinceAt
    ? energyWh - sinceWh >= STANDBY_WH && !hasEndedIn(idle.at, at)
    : idle.energyWh - energyWh >= STANDBY_WH && !hasEndedIn(at, idle.at);
};

/**
 * Whether a reading outside every known session belongs to one: it names a transaction, energy flows, or the stop of its
 * session came before it. In OCPP 2.x only that of a refused transaction: otherwise its message has opened the session.
 */
export const isUnclaimed = (connector: Connector, fact: MeterSampled): boolean => {
  const { transactionId, seqNo, clock, reading, at } = fact;
  const { context, energyWh, powerW = 0 } = reading;
  if (clock !== 'charger' || context === 'clock') return false;
  if (transactionId !== undefined) {
    const isKept = seqNo === undefined || refusedStartOf(connector, transactionId) !== undefined;
    return isKept && energyWh !== undefined && !isSession(connector, transactionId);
  }
  if (seqNo !== undefined) return false;
  if (powerW >= STANDBY_W) return true;
  return energyWh !== undefined && (isBeforeOrphan(connector, at) || hasFlowed(connector, at, energyWh));
};

/** The connector keeping readings until their session is told of; a repeat is kept once. */
export const withReadingsKept = (connector: Connector, readings: readonly UnclaimedReading[]): Connector => {
  const isSame = (one: UnclaimedReading) => (other: UnclaimedReading) =>
    other.at === one.at && other.transactionId === one.transactionId && other.reading.context === one.reading.context;
  const others = (connector.unclaimed ?? []).filter((kept) => !readings.some(isSame(kept)));
  const all = [...others, ...readings].sort((a, b) => a.at - b.at);
  if (all.length === 0) return connector;
  return { ...connector, unclaimed: all.length > MOST ? all.filter((_, index) => index % 2 === 0) : all };
};

type Read = Pick<ActiveSession, 'startedAt' | 'register' | 'meterStartWh'>;

/** The register at the start of a session, where its readings were taken as they were told. */
export const zeroWhOf = ({ register, meterStartWh }: Omit<Read, 'startedAt'>): number | undefined =>
  register === undefined || (register.factor === 1 && register.carriedWh === 0)
    ? (register?.zeroWh ?? meterStartWh)
    : undefined;

/** Readings that a session took and that are none of its own, as they were told: of some points of its curve. */
export const readingsOfCurve = (
  session: Read,
  points: Curve,
  receivedAt: number,
  transactionId?: string,
): readonly UnclaimedReading[] => {
  const zeroWh = zeroWhOf(session);
  if (zeroWh === undefined) return [];
  return points.map(([sec, wh]) => ({
    at: session.startedAt + sec * SECOND_MS,
    receivedAt,
    reading: { context: 'periodic', energyWh: roundWh(zeroWh + wh) },
    ...omitUndefined({ transactionId }),
  }));
};

/** The connector keeping a reading of which only what tells of energy may be needed. */
export const withUnclaimed = (connector: Connector, fact: MeterSampled): Connector => {
  const { at, receivedAt, transactionId } = fact;
  const { context, energyWh, powerW, socPercent } = fact.reading;
  const reading = { context, ...omitUndefined({ energyWh, powerW, socPercent }) };
  return withReadingsKept(connector, [{ at, receivedAt, reading, ...omitUndefined({ transactionId }) }]);
};

/** The connector with a register reading taken while nobody charges: of those that show the same, the first and the last are kept. */
export const withIdleReading = (connector: Connector, read: IdleReading): Connector => {
  const { idle } = connector;
  if (idle === undefined) return { ...connector, idle: read };
  const { since = idle, ...last } = idle;
  const isSame = Math.abs(read.energyWh - since.energyWh) < STANDBY_WH;
  if (read.at > last.at) return { ...connector, idle: isSame ? { ...read, since } : read };
  return isSame && read.at < since.at ? { ...connector, idle: { ...last, since: read } } : connector;
};

/** The connector without the register it was left at, which tells no more where its meter stands. */
export const withoutIdleReading = ({ idle: _, ...rest }: Connector): Connector => rest;

/**
 * The connector after the end of its live session: its register stands where the stop says (`meterStopWh`), or else where
 * the session last read it. A register that began at 0 counts its session, and says nothing to the next one.
 */
export const withRegisterLeft = (
  connector: Connector,
  session: ActiveSession,
  endedAt: number,
  meterStopWh: number | undefined,
): Connector => {
  if (meterStopWh !== undefined) return { ...connector, idle: { at: endedAt, energyWh: meterStopWh } };
  const { register, energyWh } = session;
  if (register === undefined || register.zeroWh <= 0) return connector;
  const { zeroWh, carriedWh, factor } = register;
  const rawWh = roundWh((energyWh - carriedWh + zeroWh) / factor);
  return withIdleReading(connector, { at: believedAt(session), energyWh: rawWh, isOfNone: true });
};

/** An idle register older than this at a start may lack what a session drew that nobody told of. */
const LONGEST_IDLE_MS = QUARTER_HOUR_MS;

/** The last reading of a session may come this long before its end, without much having flowed in between. */
const END_TOLERANCE_MS = MINUTE_MS;

/**
 * The register (Wh) a session without one of its own began with: the one that was read while nobody charged, from after the
 * end of every session before it and not long before it began. From an older one it would be billed what others drew.
 */
export const registerBefore = (
  { idle, session, past, recent }: Connector,
  own: Pick<ActiveSession, 'sessionId' | 'startedAt'>,
): number | undefined => {
  if (idle === undefined || own.startedAt - idle.at > LONGEST_IDLE_MS) return undefined;
  const before = [session, past, ...recent].filter(
    (other) => other !== undefined && other.sessionId !== own.sessionId && other.startedAt <= own.startedAt,
  );
  const isSince = before.every(
    (other) => other === undefined || ('endedAt' in other && idle.at >= other.endedAt - END_TOLERANCE_MS),
  );
  return isSince ? idle.energyWh : undefined;
};

/** The transaction a kept reading turned out to be of: the one it names, or else the one its time falls into. */
const claimantOf = (connector: Connector, { at, transactionId }: UnclaimedReading): string | undefined => {
  if (transactionId !== undefined && isSession(connector, transactionId)) return transactionId;
  if (transactionId !== undefined && refusedStartOf(connector, transactionId)) return undefined;
  const { session, recent } = connector;
  if (session && at >= session.startedAt) return session.transactionId;
  const ended = recent.find(({ startedAt, endedAt }) => at >= startedAt && at < endedAt);
  return ended?.transactionId;
};

/** Whether a reading that was taken for idle is known by now to fall into a session. */
const isOfSession = ({ session, recent }: Connector, { at, isOfNone }: IdleReading): boolean =>
  !isOfNone &&
  ((session !== undefined && at > session.startedAt) ||
    recent.some(({ startedAt, endedAt }) => at > startedAt && at < endedAt));

/** The connector whose readings that were taken for idle, and are none, are kept with the others that wait for their session. */
const withIdleKept = (connector: Connector, receivedAt: number): Connector => {
  const { idle, ...rest } = connector;
  if (idle === undefined) return connector;
  const { since, ...last } = idle;
  const reads = since === undefined ? [last] : [since, last];
  const mistaken = reads.filter((read) => isOfSession(connector, read));
  if (mistaken.length === 0) return connector;
  const readings = mistaken.map(
    ({ at, energyWh }): UnclaimedReading => ({ at, receivedAt, reading: { context: 'periodic', energyWh } }),
  );
  const right = reads.find((read) => !mistaken.includes(read));
  return withReadingsKept({ ...rest, ...omitUndefined({ idle: right }) }, readings);
};

export type Claimed = { readonly connector: Connector; readonly facts: readonly MeterSampled[] };

/** The readings whose session is known by now, in order of their time, and the connector without them. */
export const readingsClaimed = (connector: Connector, { evseId, connectorId, receivedAt }: EventContext): Claimed => {
  const known = withIdleKept(connector, receivedAt);
  const { unclaimed, ...rest } = known;
  if (unclaimed === undefined) return { connector, facts: [] };
  const claims = unclaimed.map((kept) => ({ kept, transactionId: claimantOf(known, kept) }));
  const left = claims.filter(({ transactionId }) => transactionId === undefined).map(({ kept }) => kept);
  return {
    connector: left.length === 0 ? rest : { ...rest, unclaimed: left },
    facts: claims.flatMap(({ kept, transactionId }): MeterSampled[] =>
      transactionId === undefined
        ? []
        : [{ ...kept, type: 'MeterSampled', transactionId, evseId, connectorId, clock: 'charger', messageId: '' }],
    ),
  };
};
