import { MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { Reading } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { type ActiveSession, flagged, type MeteredSession, meterSuspected } from './active-session.ts';
import { roundWh, secondsIn, withPoint } from './meter-curve.ts';
import {
  integratedWhSince,
  type MeteredEnergy,
  meteredEnergy,
  meteredPowerW,
  type Surroundings,
} from './metered-energy.ts';
import { judgedByPower } from './register.ts';
import { advanced, minutesCorrected } from './session-minutes.ts';

const smoothedIntervalMs = ({ sampledAt, sampleIntervalMs }: ActiveSession, at: number): number | undefined => {
  if (sampledAt === undefined || at <= sampledAt) return sampleIntervalMs;
  return sampleIntervalMs === undefined ? at - sampledAt : Math.round(0.7 * sampleIntervalMs + 0.3 * (at - sampledAt));
};

/** The session after a reading that is not older than the ones before. */
const withReading = (session: ActiveSession, at: number, reading: Reading, metered: MeteredEnergy): ActiveSession => {
  const energyWh = roundWh(Math.max(session.energyWh, metered.energyWh));
  const integratedWh = (session.integratedWh ?? 0) + integratedWhSince(session, at, reading.powerW);
  const { currentA, voltageV, socPercent, temperatureC, offeredW } = reading;
  const powerW = meteredPowerW(session, at, reading, metered);
  const isBegin = reading.context === 'begin' && session.meterStartWh === undefined;
  return {
    ...session,
    ...omitUndefined({ powerW, currentA, voltageV, socPercent, temperatureC, offeredW }),
    ...omitUndefined({ register: metered.register, sampleIntervalMs: smoothedIntervalMs(session, at) }),
    ...omitUndefined({ meterStartWh: isBegin ? reading.energyWh : undefined }),
    energyWh,
    sampledAt: at,
    ...(integratedWh > 0 ? { integratedWh: roundWh(integratedWh) } : {}),
    ...(energyWh > session.energyWh ? { deliveredAt: at } : {}),
    curve: metered.isMeasured
      ? withPoint(session.curve, session.startedAt, secondsIn(session.startedAt, at), energyWh)
      : session.curve,
    flags: metered.isEstimate ? flagged(session, 'energyEstimated').flags : session.flags,
  };
};

/** Corrects a session whose register turned out to count kWh: everything so far was a thousandth of the truth. */
const rescaled = (metered: MeteredSession, context: EventContext): Transition<MeteredSession> => {
  const { session, minute } = metered;
  const register = session.register && judgedByPower(session.energyWh, session.integratedWh ?? 0, session.register);
  if (register === undefined) return unchanged(metered);
  const curve = session.curve.map(([sec, energyWh]) => [sec, roundWh(energyWh * 1000)] as const);
  const energyWh = roundWh(session.energyWh * 1000);
  const suspected = meterSuspected(
    { ...session, register, curve, energyWh },
    context,
    'the register says Wh and means kWh',
  );
  if (minute === undefined) return { next: { session: suspected.next }, changes: suspected.changes };
  const corrected = minutesCorrected(suspected.next, minute, context);
  return {
    next: { session: suspected.next, minute: corrected.next },
    changes: [...suspected.changes, ...corrected.changes],
  };
};

/** A reading older than the last: it completes the curve where it agrees with its neighbours, and never the live figures. */
const backfilled = (metered: MeteredSession, context: EventContext, reading: Reading): Transition<MeteredSession> => {
  const { session, minute } = metered;
  const { register, startedAt } = session;
  if (reading.energyWh === undefined || register === undefined) return unchanged(metered);
  const energyWh = roundWh(register.carriedWh + reading.energyWh * register.factor - register.zeroWh);
  const sec = secondsIn(startedAt, context.at);
  const before = session.curve.findLast(([other]) => other <= sec);
  const after = session.curve.find(([other]) => other > sec);
  if (!before || !after || energyWh < before[1] || energyWh > after[1] || before[0] === sec) return unchanged(metered);
  const next: MeteredSession = {
    ...metered,
    session: { ...session, curve: withPoint(session.curve, startedAt, sec, energyWh) },
  };
  if (minute === undefined || context.at >= minute.startAt) return { next, changes: [] };
  // The open minute keeps its start register: what is recomputed are closed minutes only, so sums stay what they are.
  const openAfter = { at: minute.startAt, energyWh: roundWh((minute.registerWh ?? 0) - minute.energyWh) };
  const afterPoint = { at: startedAt + after[0] * SECOND_MS, energyWh: after[1] };
  const beforePoint = { at: startedAt + before[0] * SECOND_MS, energyWh: before[1] };
  const neighbour = afterPoint.at < openAfter.at ? afterPoint : openAfter;
  if (energyWh > neighbour.energyWh) return unchanged(metered);
  return {
    next,
    changes: [
      {
        type: 'ReadingBackfilled',
        ...contextFields(context),
        sessionId: session.sessionId,
        energyWh,
        before: beforePoint,
        after: neighbour,
      },
    ],
  };
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The reading of the beginning may be stamped a moment before the start it belongs to. */
const BEGIN_TOLERANCE_MS = MINUTE_MS;

const readAt = ({ startedAt }: ActiveSession, at: number, { context }: Reading): number =>
  context === 'begin' && at < startedAt && at >= startedAt - BEGIN_TOLERANCE_MS ? startedAt : at;

/** Whether a reading says again what was doubted at the same instant: a repeat must not confirm the doubt. */
const isRepeatedDoubt = ({ register, sampledAt }: ActiveSession, at: number, { energyWh }: Reading): boolean =>
  at === sampledAt &&
  register?.doubtWh !== undefined &&
  energyWh !== undefined &&
  register.doubtWh === energyWh * register.factor;

/** Takes a reading into a session: live figures, register, curve and minutes. A repeated reading changes nothing. */
export const takeSample = (
  metered: MeteredSession,
  { at: stampedAt, ...elsewhere }: EventContext,
  reading: Reading,
  surroundings: Surroundings,
): Transition<MeteredSession> => {
  const { session, minute } = metered;
  const at = readAt(session, stampedAt, reading);
  const context = { ...elsewhere, at };
  if (at < session.startedAt) return unchanged(metered);
  if (session.sampledAt !== undefined && at < session.sampledAt) return backfilled(metered, context, reading);
  if (isRepeatedDoubt(session, at, reading)) return unchanged(metered);
  const found = meteredEnergy(session, at, reading, surroundings);
  const read = withReading(session, at, reading, found);
  if (isSame(read, session)) return unchanged(metered);
  const suspected = meterSuspected(read, context, found.suspect);
  const { energyWh, sessionId } = suspected.next;
  const { powerW, socPercent } = reading;
  const { limitW } = surroundings;
  const moved =
    minute && found.isMeasured
      ? advanced(minute, sessionId, context, { energyWh, ...omitUndefined({ powerW, socPercent, limitW }) })
      : unchanged(minute);
  const corrected = rescaled({ session: suspected.next, ...omitUndefined({ minute: moved.next }) }, context);
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
