import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { Reading } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { type Transition, unchanged } from '../kernel/transition.ts';
import { backfilled } from './backfill.ts';
import { roundWh, secondsIn, withPoint } from './curve.ts';
import { integrated, type Metered, metered, type Surroundings } from './metered.ts';
import { advanced, flagged, type MeteredSession, suspected } from './metering.ts';
import { powerOf } from './power.ts';
import { rescaled } from './rescale.ts';
import type { ActiveSession } from './session.ts';

const smoothed = (session: ActiveSession, at: number): number | undefined => {
  const { sampledAt, sampleIntervalMs } = session;
  if (sampledAt === undefined || at <= sampledAt) return sampleIntervalMs;
  return sampleIntervalMs === undefined ? at - sampledAt : Math.round(0.7 * sampleIntervalMs + 0.3 * (at - sampledAt));
};

/** The session after a reading that is not older than the ones before. */
const measured = (session: ActiveSession, at: number, reading: Reading, found: Metered): ActiveSession => {
  const energyWh = roundWh(Math.max(session.energyWh, found.energyWh));
  const integratedWh = (session.integratedWh ?? 0) + integrated(session, at, reading.powerW);
  const { currentA, voltageV, socPercent, temperatureC, offeredW } = reading;
  const powerW = powerOf(session, at, reading, found);
  const isBegin = reading.context === 'begin' && session.meterStartWh === undefined;
  return {
    ...session,
    ...omitUndefined({ powerW, currentA, voltageV, socPercent, temperatureC, offeredW }),
    ...omitUndefined({ register: found.register, sampleIntervalMs: smoothed(session, at) }),
    ...omitUndefined({ meterStartWh: isBegin ? reading.energyWh : undefined }),
    energyWh,
    sampledAt: at,
    ...(integratedWh > 0 ? { integratedWh: roundWh(integratedWh) } : {}),
    ...(energyWh > session.energyWh ? { deliveredAt: at } : {}),
    curve: found.isMeasured
      ? withPoint(session.curve, session.startedAt, secondsIn(session.startedAt, at), energyWh)
      : session.curve,
    flags: found.isEstimate ? flagged(session, 'energyEstimated').flags : session.flags,
  };
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The reading of the beginning may be stamped a moment before the start it belongs to. */
const BEGIN_TOLERANCE_MS = 60_000;

const timeOf = ({ startedAt }: ActiveSession, { at }: EventContext, { context }: Reading): number =>
  context === 'begin' && at < startedAt && at >= startedAt - BEGIN_TOLERANCE_MS ? startedAt : at;

/** Takes a reading into a session: live figures, register, curve and minutes. A repeated reading changes nothing. */
export const sampled = (
  bay: MeteredSession,
  where: EventContext,
  reading: Reading,
  surroundings: Surroundings,
): Transition<MeteredSession> => {
  const { session, minute } = bay;
  const at = timeOf(session, where, reading);
  const moment = { ...where, at };
  if (at < session.startedAt) return unchanged(bay);
  if (session.sampledAt !== undefined && at < session.sampledAt) return backfilled(bay, moment, reading);
  const { register } = session;
  const isRepeatedDoubt =
    at === session.sampledAt &&
    register?.doubtWh !== undefined &&
    reading.energyWh !== undefined &&
    register.doubtWh === reading.energyWh * register.factor;
  if (isRepeatedDoubt) return unchanged(bay);
  const found = metered(session, at, reading, surroundings);
  const next = measured(session, at, reading, found);
  if (isSame(next, session)) return unchanged(bay);
  const told = suspected(next, moment, found.suspect);
  const { energyWh, sessionId } = told.next;
  const { powerW, socPercent } = reading;
  const { limitW } = surroundings;
  const moved =
    minute && found.isMeasured
      ? advanced(minute, sessionId, moment, { energyWh, ...omitUndefined({ powerW, socPercent, limitW }) })
      : unchanged(minute);
  const correction = rescaled({ session: told.next, ...(moved.next && { minute: moved.next }) }, moment);
  const { session: final } = correction.next;
  return {
    next: correction.next,
    changes: [
      ...told.changes,
      ...moved.changes,
      ...correction.changes,
      {
        type: 'SessionMeasured',
        ...contextFields(moment),
        sessionId,
        energyWh: final.energyWh,
        ...omitUndefined({ powerW: final.powerW, socPercent: final.socPercent }),
      },
    ],
  };
};
