import { defined } from '../defined.ts';
import type { Reading } from '../fact.ts';
import { type Step, unchanged } from '../station/step.ts';
import { minutesOf } from '../windows/minutes.ts';
import { roundWh, secondsIn, withPoint } from './curve.ts';
import { advanced, type Bay, flagged, minutesAgain, suspected } from './metering.ts';
import { type Moment, stamp } from './moment.ts';
import { plausibleWh } from './plausible-energy.ts';
import { type Interpretation, judgedByPower, readRegister } from './register.ts';
import type { ActiveSession } from './session.ts';

/** What the connector knows beside the session. */
export type Surroundings = { readonly ratedW: number; readonly idleWh?: number; readonly limitW?: number };

type Metered = Partial<Interpretation> & {
  readonly energyWh: number;
  readonly isEstimate?: boolean;
  readonly isMeasured: boolean;
};

/** Event time of the last reading that was believed. */
export const believedAt = ({ startedAt, curve }: ActiveSession): number => startedAt + (curve.at(-1)?.[0] ?? 0) * 1000;

const integrated = (session: ActiveSession, at: number, powerW: number | undefined): number => {
  if (powerW === undefined) return 0;
  const fromAt = session.sampledAt ?? session.startedAt;
  return (((session.powerW ?? powerW) + powerW) / 2) * (Math.max(0, at - fromAt) / 3_600_000);
};

const metered = (session: ActiveSession, at: number, reading: Reading, { ratedW, idleWh }: Surroundings): Metered => {
  const { energyWh, register, meterStartWh } = session;
  const gainWh = plausibleWh(ratedW, at - believedAt(session));
  if (reading.energyWh !== undefined) {
    const atBegin = reading.context === 'begin' || at === session.startedAt;
    const known = { energyWh, gainWh, isFirst: register === undefined, atBegin };
    const interpretation = readRegister(
      {
        ...known,
        ...(register && { register }),
        ...(meterStartWh === undefined ? {} : { meterStartWh }),
        ...(idleWh === undefined ? {} : { idleWh }),
      },
      reading.energyWh,
    );
    return { ...interpretation, isMeasured: interpretation.register.doubtWh === undefined };
  }
  const isNew = session.sampledAt === undefined || at > session.sampledAt;
  if (register !== undefined || !isNew) return { energyWh, isMeasured: false };
  if (reading.intervalWh !== undefined && reading.intervalWh >= 0 && reading.intervalWh <= gainWh) {
    return { energyWh: energyWh + reading.intervalWh, isMeasured: true };
  }
  const deliveredWh = Math.min(gainWh, Math.max(0, integrated(session, at, reading.powerW)));
  if (reading.powerW === undefined) return { energyWh, isMeasured: false };
  return { energyWh: energyWh + deliveredWh, isEstimate: true, isMeasured: true };
};

const smoothed = (session: ActiveSession, at: number): number | undefined => {
  const { sampledAt, sampleIntervalMs } = session;
  if (sampledAt === undefined || at <= sampledAt) return sampleIntervalMs;
  return sampleIntervalMs === undefined ? at - sampledAt : Math.round(0.7 * sampleIntervalMs + 0.3 * (at - sampledAt));
};

/** The session after a reading that is not older than the ones before. */
const measured = (session: ActiveSession, at: number, reading: Reading, found: Metered): ActiveSession => {
  const energyWh = roundWh(Math.max(session.energyWh, found.energyWh));
  const integratedWh = (session.integratedWh ?? 0) + integrated(session, at, reading.powerW);
  const { powerW, currentA, voltageV, socPercent, temperatureC, offeredW } = reading;
  const isBegin = reading.context === 'begin' && session.meterStartWh === undefined;
  return {
    ...session,
    ...defined({ powerW, currentA, voltageV, socPercent, temperatureC, offeredW }),
    ...defined({ register: found.register, sampleIntervalMs: smoothed(session, at) }),
    ...defined({ meterStartWh: isBegin ? reading.energyWh : undefined }),
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

/** Corrects a session whose register turned out to count kWh: everything so far was a thousandth of the truth. */
const corrected = (bay: Bay, moment: Moment): Step<Bay> => {
  const { session, minute } = bay;
  const register = session.register && judgedByPower(session.energyWh, session.integratedWh ?? 0, session.register);
  if (register === undefined) return unchanged(bay);
  const curve = session.curve.map(([sec, energyWh]) => [sec, roundWh(energyWh * 1000)] as const);
  const energyWh = roundWh(session.energyWh * 1000);
  const told = suspected({ ...session, register, curve, energyWh }, moment, 'the register says Wh and means kWh');
  if (minute === undefined) return { next: { session: told.next }, changes: told.changes };
  const { closed } = minutesOf(session.sessionId, session.startedAt, curve);
  const open = { ...minute, energyWh: closed.at(-1)?.energyWh ?? 0, registerWh: energyWh };
  const again = minutesAgain(session.sessionId, session.startedAt, curve, moment).filter(
    (change) => change.type !== 'MinuteClosed' || change.minute.startAt < minute.startAt,
  );
  return { next: { session: told.next, minute: open }, changes: [...told.changes, ...again] };
};

/** A reading older than the last: it completes the curve where it agrees with its neighbours, and never the live figures. */
const backfilled = (bay: Bay, moment: Moment, reading: Reading): Step<Bay> => {
  const { session, minute } = bay;
  const { register, startedAt } = session;
  if (reading.energyWh === undefined || register === undefined) return unchanged(bay);
  const energyWh = roundWh(register.carriedWh + reading.energyWh * register.factor - register.zeroWh);
  const sec = secondsIn(startedAt, moment.at);
  const before = session.curve.findLast(([other]) => other <= sec);
  const after = session.curve.find(([other]) => other > sec);
  if (!before || !after || energyWh < before[1] || energyWh > after[1] || before[0] === sec) return unchanged(bay);
  const next: Bay = { ...bay, session: { ...session, curve: withPoint(session.curve, startedAt, sec, energyWh) } };
  if (minute === undefined || moment.at >= minute.startAt) return { next, changes: [] };
  // The open minute keeps its start register: what is recomputed are closed minutes only, so sums stay what they are.
  const openAfter = { at: minute.startAt, energyWh: roundWh((minute.registerWh ?? 0) - minute.energyWh) };
  const afterPoint = { at: startedAt + after[0] * 1000, energyWh: after[1] };
  const beforePoint = { at: startedAt + before[0] * 1000, energyWh: before[1] };
  const neighbour = afterPoint.at < openAfter.at ? afterPoint : openAfter;
  if (energyWh > neighbour.energyWh) return unchanged(bay);
  return {
    next,
    changes: [
      {
        type: 'ReadingBackfilled',
        ...stamp(moment),
        sessionId: session.sessionId,
        energyWh,
        before: beforePoint,
        after: neighbour,
      },
    ],
  };
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Takes a reading into a session: live figures, register, curve and minutes. A repeated reading changes nothing. */
export const sampled = (bay: Bay, moment: Moment, reading: Reading, surroundings: Surroundings): Step<Bay> => {
  const { session, minute } = bay;
  const { at } = moment;
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
      ? advanced(minute, sessionId, moment, { energyWh, ...defined({ powerW, socPercent, limitW }) })
      : unchanged(minute);
  const correction = corrected({ session: told.next, ...(moved.next && { minute: moved.next }) }, moment);
  const { session: final } = correction.next;
  return {
    next: correction.next,
    changes: [
      ...told.changes,
      ...moved.changes,
      ...correction.changes,
      {
        type: 'SessionMeasured',
        ...stamp(moment),
        sessionId,
        energyWh: final.energyWh,
        ...defined({ powerW: final.powerW, socPercent: final.socPercent }),
      },
    ],
  };
};
