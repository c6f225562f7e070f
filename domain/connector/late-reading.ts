import { SECOND_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { MeterSampled } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inSequence, type PendingChange, type Transition, unchanged } from '../kernel/transition.ts';
import { REGISTER_REFUSED, withFlag } from '../session/active-session.ts';
import {
  closedCurve,
  isTold,
  type MeterCurve,
  roundWh,
  secondsIn,
  withLatePoint,
  withNewestPoint,
} from '../session/meter-curve.ts';
import { NO_TIMES, withLateTime } from '../session/reading-times.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { energyBy, plausibleWh } from '../session/register.ts';
import { minutesCorrected } from '../session/session-minutes.ts';
import { type Connector, recentOf, withRecent } from './connector.ts';
import { recordExtended } from './earlier-reading-told.ts';

/** The session's energy by a raw register, read as the session's register was read; undefined where nothing tells how. */
const energyIn = ({ record, register }: ToldEnd, rawWh: number): number | undefined => {
  if (register) return roundWh(energyBy(register, rawWh));
  return record.meterStartWh === undefined ? undefined : roundWh(rawWh - record.meterStartWh);
};

/** What a reading changes of an ended session, and the minutes that are told again. */
type Amended = { readonly metered: MeterCurve; readonly energyWh: number; readonly minutes: readonly PendingChange[] };

const curveOf = ({ record, toleranceWh, times }: ToldEnd): MeterCurve => ({
  curve: record.curve,
  ...omitUndefined({ toleranceWh, times }),
});

/** The reading stands between two others: where the energy flowed is known better, how much stays. */
const between = (ended: ToldEnd, energyWh: number, context: EventContext): Amended | undefined => {
  const { record, minutesFromCurve } = ended;
  const { startedAt, endedAt } = record;
  const sec = secondsIn(startedAt, context.at);
  const known = curveOf(ended);
  const metered = withLatePoint(known, sec, energyWh);
  if (metered === known) return undefined;
  if (metered.curve === known.curve) return { metered, energyWh: record.energyWh, minutes: [] };
  const place = record.curve.findIndex(([other]) => other > sec);
  const isNarrow = minutesFromCurve && metered.toleranceWh === known.toleranceWh;
  const fromSec = isNarrow ? (record.curve[place - 1]?.[0] ?? 0) : 0;
  const toSec = isNarrow ? (record.curve[place]?.[0] ?? 0) : secondsIn(startedAt, endedAt);
  const instantOf = (atSec: number): number => startedAt + atSec * SECOND_MS;
  const minutes = minutesCorrected({ ...record, ...metered }, instantOf(fromSec), instantOf(toSec), context);
  return { metered, energyWh: record.energyWh, minutes };
};

/** The stop told no register, and the reading shows more than was known: the session delivered that much. */
const beyond = (ended: ToldEnd, energyWh: number, ratedW: number, context: EventContext): Amended | undefined => {
  const { record, times = NO_TIMES } = ended;
  const { startedAt, endedAt, meterStopWh } = record;
  const sec = secondsIn(startedAt, context.at);
  const measured = record.curve.slice(0, -1);
  const last = measured.at(-1) ?? [0, 0];
  const mostWh = record.energyWh + plausibleWh(ratedW, (sec - last[0]) * SECOND_MS);
  const isNews = meterStopWh === undefined && energyWh > record.energyWh && energyWh <= mostWh && last[0] <= sec;
  if (!isNews) return undefined;
  const { curve: known } = withNewestPoint({ curve: measured }, startedAt, sec, energyWh);
  const curve = closedCurve(known, secondsIn(startedAt, endedAt), energyWh);
  const metered = { ...curveOf(ended), curve, times: withLateTime(times, sec) };
  return { metered, energyWh, minutes: minutesCorrected({ ...record, curve }, startedAt, endedAt, context) };
};

/**
 * A reading from within a session that ended for good. Until the next session begins on the connector it amends the record
 * and its windows; it opens nothing. Undefined where it adds nothing that can be told for sure.
 */
const recordAmended = (
  connector: Connector,
  recent: RecentSession,
  { reading, clock }: MeterSampled,
  context: EventContext,
): Transition<Connector> | undefined => {
  if (recent.phase !== 'told' || reading.energyWh === undefined || clock !== 'charger') return undefined;
  const { record } = recent;
  if (record.flags.includes('meterSuspect')) return undefined;
  const extended = recordExtended(connector, recent, reading.energyWh, context);
  if (extended) return extended;
  // Repeated in later messages the register of the beginning says nothing of then.
  if (reading.context === 'begin' && context.at > record.startedAt) return unchanged(connector);
  const energyWh = energyIn(recent, reading.energyWh);
  if (energyWh === undefined || context.at < record.startedAt || context.at > record.endedAt) return undefined;
  const { ratedW } = connector.place;
  const told = beyond(recent, energyWh, ratedW, context) ?? between(recent, energyWh, context);
  if (told === undefined)
    return isTold(curveOf(recent), secondsIn(record.startedAt, context.at), energyWh)
      ? unchanged(connector)
      : undefined;
  const { curve, toleranceWh, times } = told.metered;
  const read: RecentSession & ToldEnd = { ...recent, ...omitUndefined({ toleranceWh, times }) };
  if (curve === record.curve) return unchanged(withRecent(connector, read));
  const flags = withFlag(record.flags, 'lateArrival');
  const amendedRecord: EndedSession = { ...record, curve, energyWh: told.energyWh, flags, rev: connector.rev + 1 };
  return {
    next: withRecent(connector, { ...read, record: amendedRecord, minutesFromCurve: true }),
    changes: [
      ...told.minutes,
      { type: 'SessionAmended', ...contextFields(context), at: record.endedAt, session: amendedRecord },
    ],
  };
};

/** A register that no meter can show, told after its session ended: the record says so. */
const refusalRecorded = (
  connector: Connector,
  recent: RecentSession,
  { reading }: MeterSampled,
  context: EventContext,
): Transition<Connector> => {
  if (!reading.registerRefused || recent.phase !== 'told') return unchanged(connector);
  const { record, sessionId } = recent;
  if (record.flags.includes('meterSuspect')) return unchanged(connector);
  const flags = withFlag(withFlag(record.flags, 'meterSuspect'), 'lateArrival');
  const amended: EndedSession = { ...record, flags, rev: connector.rev + 1 };
  return {
    next: withRecent(connector, { ...recent, record: amended }),
    changes: [
      { type: 'MeterSuspected', ...contextFields(context), sessionId, why: REGISTER_REFUSED },
      { type: 'SessionAmended', ...contextFields(context), at: record.endedAt, session: amended },
    ],
  };
};

/** A reading of a session that ended for good: it amends the record where it can, and is recorded on the timeline where it cannot. */
export const lateReading = (
  connector: Connector,
  ended: RecentSession,
  fact: MeterSampled,
  context: EventContext,
): Transition<Connector> =>
  inSequence(
    connector,
    (before) => refusalRecorded(before, ended, fact, context),
    (known) => readingRecorded(known, recentOf(known, ended.transactionId) ?? ended, fact, context),
  );

const readingRecorded = (
  connector: Connector,
  recent: RecentSession,
  fact: MeterSampled,
  context: EventContext,
): Transition<Connector> => {
  const amended = recordAmended(connector, recent, fact, context);
  if (amended) return amended;
  const { stationId, evseId, connectorId, at, receivedAt } = context;
  const recorded: PendingChange = {
    id: `${stationId}.${evseId}.${connectorId}.late.${at.toString(36)}.${fact.reading.energyWh ?? ''}`,
    type: 'StationEventRecorded',
    at,
    receivedAt,
    evseId,
    connectorId,
    topic: 'LateMeterValues',
    detail: omitUndefined({ transactionId: fact.transactionId, reading: fact.reading }),
  };
  return { next: connector, changes: [recorded] };
};
