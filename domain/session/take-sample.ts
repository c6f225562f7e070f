import { MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { Reading } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type Transition, unchanged } from '../kernel/transition.ts';
import {
  type ActiveSession,
  flagged,
  type MeteredSession,
  meterSuspected,
  REGISTER_REFUSED,
} from './active-session.ts';
import { type BelievableReading, believableReading } from './believable-reading.ts';
import {
  CLOSED,
  energyAt,
  isTold,
  type MeterCurve,
  roundWh,
  secondsIn,
  withLatePoint,
  withNewestPoint,
} from './meter-curve.ts';
import {
  believedAt,
  certainWhSince,
  type MeteredEnergy,
  meteredEnergy,
  meteredPowerW,
  type Surroundings,
  withStampAhead,
} from './metered-energy.ts';
import { energyBy, judgedByPower, plausibleWh, STEP_WH } from './register.ts';
import { advanced, minutesCorrected, openMinuteCorrected, runningMinutesCorrected } from './session-minutes.ts';
import { usedConductors } from './used-conductors.ts';

const smoothedIntervalMs = ({ sampledAt, sampleIntervalMs }: ActiveSession, at: number): number | undefined => {
  if (sampledAt === undefined || at <= sampledAt) return sampleIntervalMs;
  return sampleIntervalMs === undefined ? at - sampledAt : Math.round(0.7 * sampleIntervalMs + 0.3 * (at - sampledAt));
};

/**
 * The curve after a reading. Minutes do not follow from it where a register steps within one instant, or where the curve
 * is thinned out.
 */
const curveAfter = (
  session: ActiveSession,
  at: number,
  energyWh: number,
): MeterCurve & Pick<ActiveSession, 'minutesOutdated'> => {
  const { curve, corridor, toleranceWh, times } = withNewestPoint(
    session,
    session.startedAt,
    secondsIn(session.startedAt, at),
    energyWh,
  );
  const isOutdated = toleranceWh !== session.toleranceWh || (at === believedAt(session) && energyWh > session.energyWh);
  return { curve, ...omitUndefined({ corridor, toleranceWh, times, minutesOutdated: isOutdated || undefined }) };
};

/** The session after a reading that is not older than the ones before. */
const withReading = (
  session: ActiveSession,
  context: EventContext,
  { reading, suspect }: BelievableReading,
  metered: MeteredEnergy,
  ratedW: number,
): ActiveSession => {
  const { at } = context;
  const { powerW: earlierW, conductors, ...known } = withStampAhead(session, context);
  const energyWh = roundWh(Math.max(session.energyWh, metered.energyWh));
  const integratedWh = (session.integratedWh ?? 0) + certainWhSince(session, at, reading.powerW);
  const { currentA, voltageV, socPercent, temperatureC, offeredW } = reading;
  // Where the power that was told cannot be true, the earlier one is over all the same.
  const powerW =
    meteredPowerW(session, context, reading, metered, ratedW) ?? (suspect === undefined ? earlierW : undefined);
  const isBegin = reading.context === 'begin' && session.meterStartWh === undefined;
  return {
    ...known,
    ...omitUndefined({ powerW, currentA, voltageV, socPercent, temperatureC, offeredW }),
    ...omitUndefined({
      conductors: usedConductors(reading, conductors),
      register: metered.register,
      intervalsWh: metered.intervalsWh,
      sampleIntervalMs: smoothedIntervalMs(session, at),
    }),
    ...omitUndefined({ meterStartWh: isBegin ? reading.energyWh : undefined }),
    energyWh,
    sampledAt: at,
    ...(integratedWh > 0 ? { integratedWh: roundWh(integratedWh) } : {}),
    ...(energyWh > session.energyWh ? { deliveredAt: at } : {}),
    ...(metered.isMeasured ? curveAfter(session, at, energyWh) : {}),
    flags: metered.isEstimate ? flagged(session, 'energyEstimated').flags : session.flags,
  };
};

/**
 * Corrects a session whose register turned out to count kWh: everything so far was a thousandth of the truth. Never to
 * more than the connector can have delivered: then it is the power that is wrong.
 */
const rescaled = (metered: MeteredSession, context: EventContext, ratedW: number): Transition<MeteredSession> => {
  const { session, minute } = metered;
  const register = session.register && judgedByPower(session.energyWh, session.integratedWh ?? 0, session.register);
  if (register === undefined) return unchanged(metered);
  if (session.energyWh * 1000 > plausibleWh(ratedW, context.at - session.startedAt)) return unchanged(metered);
  const curve = session.curve.map(([sec, energyWh]) => [sec, roundWh(energyWh * 1000)] as const);
  const energyWh = roundWh(session.energyWh * 1000);
  const suspected = meterSuspected(
    { ...session, register, curve, energyWh, corridor: CLOSED, minutesOutdated: true },
    context,
    'the register says Wh and means kWh',
  );
  if (minute === undefined) return { next: { session: suspected.next }, changes: suspected.changes };
  const corrected = runningMinutesCorrected(suspected.next, minute, context);
  return {
    next: { session: suspected.next, minute: corrected.next },
    changes: [...suspected.changes, ...corrected.changes],
  };
};

/** The session with the register of its beginning, where none is known: told after messages that had no register. */
const withBeginRegister = (session: ActiveSession, { energyWh }: Reading): ActiveSession =>
  session.meterStartWh === undefined ? { ...session, ...omitUndefined({ meterStartWh: energyWh }) } : session;

/** A reading older than the last: it completes the curve where it agrees with its neighbours, and never the live figures. */
const lateSampleTaken = (
  metered: MeteredSession,
  context: EventContext,
  reading: Reading,
): Transition<MeteredSession> => {
  const { session, minute } = metered;
  const { register, startedAt, curve } = session;
  if (register === undefined && isBeginRegister(reading)) {
    const begun = withBeginRegister(session, reading);
    return unchanged(begun === session ? metered : { ...metered, session: begun });
  }
  if (reading.energyWh === undefined || register === undefined) return unchanged(metered);
  const sec = secondsIn(startedAt, context.at);
  const energyWh = roundWh(energyBy(register, reading.energyWh));
  const completed = withLatePoint(session, sec, energyWh);
  if (completed === session) {
    const isKnown =
      isTold(session, sec, energyWh) ||
      Math.abs(energyAt(curve, sec) - energyWh) <= STEP_WH ||
      curve.some(([other]) => other === sec);
    const why = isKnown ? undefined : 'an earlier register does not fit the later ones';
    const suspected = meterSuspected(session, context, why);
    return suspected.next === session
      ? unchanged(metered)
      : { next: { ...metered, session: suspected.next }, changes: suspected.changes };
  }
  if (completed.curve === curve) return unchanged({ ...metered, session: { ...session, ...completed } });
  const next: ActiveSession = { ...session, ...completed, minutesOutdated: true };
  if (minute === undefined) return unchanged({ session: next });
  if (completed.toleranceWh !== session.toleranceWh) {
    const corrected = runningMinutesCorrected(next, minute, context);
    return { next: { session: next, minute: corrected.next }, changes: corrected.changes };
  }
  const place = curve.findIndex(([other]) => other > sec);
  const instantOf = (index: number): number => startedAt + (curve[index]?.[0] ?? 0) * SECOND_MS;
  return {
    next: { session: next, minute: instantOf(place - 1) < minute.startAt ? openMinuteCorrected(next, minute) : minute },
    changes: minutesCorrected(next, instantOf(place - 1), Math.min(instantOf(place), minute.startAt), context),
  };
};

/** Whether a reading left a session as it was: most are of another instant, and need no comparison. */
const isSame = (one: ActiveSession, other: ActiveSession): boolean =>
  one.sampledAt === other.sampledAt && JSON.stringify(one) === JSON.stringify(other);

/** The reading of the beginning may be stamped a moment before the start it belongs to. */
const BEGIN_TOLERANCE_MS = MINUTE_MS;

/** A register of the beginning tells of the start, although some vendors stamp it like the current one beside it. */
const isBeginRegister = ({ context, energyWh }: Reading): boolean => context === 'begin' && energyWh !== undefined;

const readAt = ({ startedAt, register }: ActiveSession, at: number, reading: Reading): number => {
  if (at < startedAt) return reading.context === 'begin' && at >= startedAt - BEGIN_TOLERANCE_MS ? startedAt : at;
  return register === undefined && isBeginRegister(reading) ? startedAt : at;
};

/** Whether a reading says again what was doubted at the same instant: a repeat must not confirm the doubt. */
const isRepeatedDoubt = ({ register, sampledAt }: ActiveSession, at: number, { energyWh }: Reading): boolean =>
  at === sampledAt &&
  register?.doubtWh !== undefined &&
  energyWh !== undefined &&
  register.doubtWh === energyWh * register.factor;

/** A register that no meter can show is no reading; that it was told stays with its session. */
const refusalFlagged = (
  metered: MeteredSession,
  context: EventContext,
  { registerRefused }: Reading,
): Transition<MeteredSession> => {
  const why = registerRefused ? REGISTER_REFUSED : undefined;
  const { next, changes } = meterSuspected(metered.session, context, why);
  return next === metered.session ? unchanged(metered) : { next: { ...metered, session: next }, changes };
};

/** Takes a reading into a session: live figures, register, curve and minutes. A repeated reading changes nothing. */
export const takeSample = (
  metered: MeteredSession,
  context: EventContext,
  reading: Reading,
  surroundings: Surroundings,
): Transition<MeteredSession> =>
  inSequence(
    metered,
    (before) => refusalFlagged(before, context, reading),
    (known) => readingTaken(known, context, reading, surroundings),
  );

const readingTaken = (
  metered: MeteredSession,
  { at: stampedAt, ...elsewhere }: EventContext,
  given: Reading,
  surroundings: Surroundings,
): Transition<MeteredSession> => {
  const { session, minute } = metered;
  const believable = believableReading(given, surroundings);
  const { reading } = believable;
  const at = readAt(session, stampedAt, reading);
  const context = { ...elsewhere, at };
  if (at < session.startedAt) return unchanged(metered);
  // Repeated in later messages it says nothing of now: beside the current register it would look like a reset.
  if (at > session.startedAt && session.register !== undefined && isBeginRegister(reading)) return unchanged(metered);
  if (session.sampledAt !== undefined && at < session.sampledAt) return lateSampleTaken(metered, context, reading);
  if (isRepeatedDoubt(session, at, reading)) return unchanged(metered);
  const found = meteredEnergy(session, context, reading, surroundings);
  const read = withReading(session, context, believable, found, surroundings.ratedW);
  if (isSame(read, session)) return unchanged(metered);
  const suspected = meterSuspected(read, context, found.suspect ?? believable.suspect);
  const { energyWh, sessionId } = suspected.next;
  const { powerW, socPercent } = reading;
  const { limitW } = surroundings;
  const moved =
    minute && found.isMeasured
      ? advanced(minute, sessionId, context, { energyWh, ...omitUndefined({ powerW, socPercent, limitW }) })
      : unchanged(minute);
  const corrected = rescaled(
    { session: suspected.next, ...omitUndefined({ minute: moved.next }) },
    context,
    surroundings.ratedW,
  );
  const { session: final } = corrected.next;
  return {
    next: corrected.next,
    changes: [
      ...suspected.changes,
      ...moved.changes,
      ...corrected.changes,
      {
        type: 'SessionMeasured',
        ...contextFields(context),
        sessionId,
        energyWh: final.energyWh,
        ...omitUndefined({ powerW: final.powerW, socPercent: final.socPercent }),
      },
    ],
  };
};
