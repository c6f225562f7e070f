import { DAY_MS, HARDLY_OFF_MS, HOUR_MS, LONGEST_GAP_MS, SECOND_MS } from '../kernel/durations.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { Reading } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { ActiveSession } from './active-session.ts';
import { type MeteredConnector, mostPowerW } from './believable-reading.ts';
import { type Interpretation, plausibleWh, readRegister } from './register.ts';

/** What is known of a reading beside the session. */
export type Surroundings = MeteredConnector & {
  readonly idleWh?: number;
  readonly limitW?: number;
  /** How long after the one before it was read by stamps that are not believed otherwise, ms: a queue comes faster. */
  readonly apartMs?: number;
};

/** What a reading says of the session's energy. */
export type MeteredEnergy = Partial<Interpretation> & {
  readonly energyWh: number;
  readonly isEstimate?: boolean;
  readonly isMeasured: boolean;
  /** The session's energy at the end of an interval that was told, Wh. */
  readonly intervalsWh?: number;
};

/** Event time of the last reading that was believed. */
export const believedAt = ({ startedAt, curve }: ActiveSession): number =>
  startedAt + (curve.at(-1)?.[0] ?? 0) * SECOND_MS;

/** Event time since which its energy stayed the same. */
const roseAt = (session: ActiveSession): number => {
  const { startedAt, deliveredAt = startedAt } = session;
  return Math.min(believedAt(session), Math.max(startedAt, deliveredAt));
};

/** The session after a stamp that is believed although it lies ahead of its receipt; the same session where it hardly does. */
export const withStampAhead = (session: ActiveSession, { at, receivedAt }: Instant): ActiveSession => {
  const { stampsAheadMs = HARDLY_OFF_MS } = session;
  return at - receivedAt > stampsAheadMs ? { ...session, stampsAheadMs: at - receivedAt } : session;
};
type Instant = Pick<EventContext, 'at' | 'receivedAt'>;

/**
 * The longest that can have passed since an instant of the session, ms: what the stamps tell, and longer where the clock was
 * ahead then and is less so now, since it may have been set right in between.
 */
export const longestSince = (
  { stampsAheadMs = 0 }: ActiveSession,
  sinceAt: number,
  { at, receivedAt }: Instant,
): number => at - sinceAt + Math.max(0, stampsAheadMs - Math.max(0, at - receivedAt));

/**
 * How long after the last reading, or else the start, something happened by the stamps of a clock that is not believed, ms.
 * Undefined where these do not tell.
 */
export const stampedApartMs = (
  { startStampedAt, readStampedAt = startStampedAt }: ActiveSession,
  stampedAt: number | undefined,
): number | undefined => {
  if (stampedAt === undefined || readStampedAt === undefined) return undefined;
  const apartMs = stampedAt - readStampedAt;
  return apartMs > 0 && apartMs <= LONGEST_GAP_MS ? apartMs : undefined;
};

/**
 * Energy of the power since the last one that was integrated, Wh: the line between the two. Messages in between that tell
 * something else (a state of charge) are no end of it; after a power that cannot be true it begins with the last sample.
 */
const integratedWhSince = (session: ActiveSession, at: number, powerW: number): number => {
  const { powerW: earlierW = powerW, sampledAt, flags } = session;
  const isRefused = session.powerW === undefined && flags.includes('meterSuspect');
  const fromAt = isRefused && sampledAt !== undefined ? sampledAt : believedAt(session);
  return ((earlierW + powerW) / 2) * (Math.max(0, at - fromAt) / HOUR_MS);
};

/**
 * Energy that power must have delivered since the last sample, Wh: the lower of both, since a car may have stood still until
 * just now.
 */
export const certainWhSince = ({ powerW: earlierW, sampledAt }: ActiveSession, at: number, powerW = 0): number =>
  earlierW === undefined || sampledAt === undefined
    ? 0
    : (Math.max(0, Math.min(earlierW, powerW)) * Math.max(0, at - sampledAt)) / HOUR_MS;

/**
 * How much longer a session may have delivered than is known, ms: its register of the beginning is known, and when that was
 * is not. No car charges for longer than a day.
 */
const untoldMs = (session: ActiveSession): number => {
  const { startUnknown, startedAt, meterStartWh = 0, energyWh } = session;
  return startUnknown && meterStartWh > 0 && energyWh === 0 && believedAt(session) === startedAt ? DAY_MS : 0;
};

/**
 * The session's energy after an interval of `intervalWh`, which begins where the last one ended: power that was told since
 * then is of the same energy.
 */
const whAfterInterval = ({ energyWh, intervalsWh, flags }: ActiveSession, intervalWh: number): number => {
  const endedWh = intervalsWh ?? (flags.includes('energyEstimated') ? 0 : energyWh);
  return Math.max(energyWh, endedWh + intervalWh);
};

/** The session's energy by a reading: from its register, an interval, or the power, in this order. */
export const meteredEnergy = (
  session: ActiveSession,
  instant: Instant,
  reading: Reading,
  { ratedW, idleWh, apartMs = 0 }: Surroundings,
): MeteredEnergy => {
  const { at } = instant;
  const { energyWh, register, meterStartWh } = session;
  const sinceMs = Math.max(apartMs, longestSince(session, believedAt(session), instant));
  const gainWh = plausibleWh(ratedW, sinceMs);
  if (reading.energyWh !== undefined) {
    const atBegin = reading.context === 'begin' || at === session.startedAt;
    const untold = untoldMs(session);
    const known = {
      energyWh,
      gainWh: plausibleWh(ratedW, sinceMs + untold),
      gainSinceRiseWh: plausibleWh(ratedW, Math.max(sinceMs, longestSince(session, roseAt(session), instant)) + untold),
      isFirst: register === undefined,
      atBegin,
    };
    const interpretation = readRegister(
      { ...known, ...omitUndefined({ register, meterStartWh, idleWh }) },
      reading.energyWh,
    );
    return { ...interpretation, isMeasured: interpretation.register.doubtWh === undefined };
  }
  const isNew = session.sampledAt === undefined || at > believedAt(session);
  if (register !== undefined || !isNew) return { energyWh, isMeasured: false };
  const intervalsWh = reading.intervalWh === undefined ? undefined : whAfterInterval(session, reading.intervalWh);
  if (intervalsWh !== undefined && intervalsWh <= energyWh + gainWh)
    return { energyWh: intervalsWh, isMeasured: true, intervalsWh };
  if (reading.powerW === undefined) return { energyWh, isMeasured: false };
  const deliveredWh = Math.min(gainWh, Math.max(0, integratedWhSince(session, at, reading.powerW)));
  return { energyWh: energyWh + deliveredWh, isEstimate: true, isMeasured: true };
};

/** Closer together than this, two readings of a register that counts in steps say nothing about power. */
const SHORTEST_MS = 10 * SECOND_MS;

/**
 * Power at a reading, W: as reported, or else what the register gained since the last reading that was believed. Undefined
 * where that is more than the connector can deliver.
 */
export const meteredPowerW = (
  session: ActiveSession,
  instant: Instant,
  { powerW, energyWh }: Reading,
  metered: MeteredEnergy,
  ratedW: number,
): number | undefined => {
  if (powerW !== undefined) return powerW;
  const isAnchored = session.register !== undefined || session.meterStartWh !== undefined;
  const ms = longestSince(session, believedAt(session), instant);
  const isTold = energyWh !== undefined && metered.isMeasured && metered.suspect === undefined;
  if (!isTold || !isAnchored || ms < SHORTEST_MS) return undefined;
  const derivedW = Math.round(((metered.energyWh - session.energyWh) * HOUR_MS) / ms);
  return derivedW <= mostPowerW(ratedW) ? derivedW : undefined;
};
