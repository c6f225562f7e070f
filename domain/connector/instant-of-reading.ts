import { CLOCK_AHEAD_MS, DAY_MS, HARDLY_OFF_MS, SECOND_MS } from '../kernel/durations.ts';
import type { EventContext } from '../kernel/event-context.ts';
import type { ActiveSession } from '../session/active-session.ts';
import { believedAt, longestSince } from '../session/metered-energy.ts';
import { energyBy, isFarBelow, plausibleWh, STAMP_TOLERANCE_MS, STEP_WH } from '../session/register.ts';

/** What a register says of the session's energy, Wh. Undefined where it was reset since, or jumped. */
const energyIn = ({ register, meterStartWh, energyWh }: ActiveSession, rawWh: number): number | undefined => {
  if (register === undefined) return meterStartWh === undefined ? energyWh : rawWh - meterStartWh;
  return register.carriedWh === 0 ? energyBy(register, rawWh) : undefined;
};

/** Whether the session's meter showed less than this energy at a reading after the instant. */
const isShownLessAfter = ({ startedAt, curve }: ActiveSession, at: number, energyWh: number): boolean => {
  const after = curve.find(([sec]) => startedAt + sec * SECOND_MS > at);
  return after !== undefined && energyWh > after[1] + STEP_WH;
};

/**
 * When a register that names the live session was read, ms since the epoch: by its stamp, as long as that can be true. It
 * cannot where it lies before the known start of the session, or before readings that showed less, since no meter runs
 * backwards: the clock was set back in the midst of the session, and what is stamped as far behind from then on is by the same
 * clock. A register that came after all others and continues them was read last then: when it was received, but no more than
 * a day after the reading before it; or together with that, where the stamps are hardly off and as much can have flowed by then.
 */
export const instantOfReading = (
  session: ActiveSession,
  rawWh: number,
  { at, receivedAt }: EventContext,
  ratedW: number,
): number => {
  const { startedAt, sampledAt = startedAt, startUnknown, clockBehindMs } = session;
  const isAsBehind = clockBehindMs !== undefined && Math.abs(receivedAt - at - clockBehindMs) <= HARDLY_OFF_MS;
  if (isAsBehind) return Math.max(sampledAt, receivedAt);
  if (at >= sampledAt || (startUnknown && at < startedAt) || receivedAt < sampledAt - HARDLY_OFF_MS) return at;
  const energyWh = energyIn(session, rawWh);
  if (energyWh === undefined || energyWh < session.energyWh - STEP_WH) return at;
  if (at >= startedAt - STAMP_TOLERANCE_MS && !isShownLessAfter(session, at, energyWh)) return at;
  const mostWh = (readAt: number): number =>
    session.energyWh + plausibleWh(ratedW, longestSince(session, believedAt(session), { at: readAt, receivedAt }));
  const received = Math.max(sampledAt, Math.min(receivedAt, sampledAt + DAY_MS));
  const isHardlyOff = at >= sampledAt - STAMP_TOLERANCE_MS;
  return [...(isHardlyOff ? [sampledAt] : []), received].find((readAt) => energyWh <= mostWh(readAt)) ?? at;
};

/**
 * Whether a register, whose stamp is not believed, shows less than the session has delivered: no meter runs backwards, so it is
 * an earlier one told late or again. One that may have started again is that where stamps of the same clock tell so.
 */
export const isReadEarlier = (session: ActiveSession, rawWh: number, stampedAt: number): boolean => {
  const { register, meterStartWh, energyWh, startStampedAt, readStampedAt = startStampedAt } = session;
  if (register === undefined) return false;
  const { zeroWh, factor } = register;
  const beganWh = Math.min(zeroWh, meterStartWh ?? zeroWh);
  if (rawWh * factor < beganWh || energyBy(register, rawWh) >= energyWh - STEP_WH) return false;
  return !isFarBelow(register, energyWh, rawWh) || (readStampedAt !== undefined && stampedAt <= readStampedAt);
};

/**
 * When what names the live session happened, ms since the epoch, where its stamp lies in the future and it counts from its
 * receipt so far: by the distance that other stamps of the session had when they came at once. So the readings of a queue lie
 * as far apart as they were taken.
 */
export const instantByClockAhead = (
  { startedAt, sampledAt = startedAt, clockAheadMs }: ActiveSession,
  stampedAt: number | undefined,
  { at, receivedAt }: EventContext,
): number => {
  if (stampedAt === undefined || clockAheadMs === undefined || at !== receivedAt) return at;
  const readAt = stampedAt - clockAheadMs;
  return readAt >= sampledAt && readAt < receivedAt - HARDLY_OFF_MS ? readAt : at;
};

/** The session after a stamp in the future that is not believed. */
export const withClockAhead = (
  session: ActiveSession,
  stampedAt: number | undefined,
  { at, receivedAt }: EventContext,
): ActiveSession => {
  const aheadMs = stampedAt === undefined || at !== receivedAt ? 0 : stampedAt - receivedAt;
  const { clockAheadMs = CLOCK_AHEAD_MS } = session;
  return aheadMs > clockAheadMs ? { ...session, clockAheadMs: aheadMs } : session;
};
