import { SECOND_MS } from '../kernel/durations.ts';
import type { Curve, EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { MeterSampled } from '../kernel/fact.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import { withFlag } from '../session/active-session.ts';
import { closedCurve, roundWh, secondsIn, withPoint } from '../session/meter-curve.ts';
import type { RecentSession, ToldEnd } from '../session/recent-session.ts';
import { plausibleWh } from '../session/register.ts';
import { minutesFromCurve } from '../session/session-minutes.ts';
import type { Connector } from './connector.ts';

/** The session's energy by a raw register, read as the session's register was read; undefined where nothing tells how. */
const energyBy = ({ record, register }: ToldEnd, rawWh: number): number | undefined => {
  if (record.flags.includes('meterSuspect')) return undefined;
  if (register) return roundWh(register.carriedWh + rawWh * register.factor - register.zeroWh);
  return record.meterStartWh === undefined ? undefined : roundWh(rawWh - record.meterStartWh);
};

const isKnown = ({ record }: ToldEnd, energyWh: number, at: number): boolean =>
  record.curve.some(([sec, wh]) => sec === secondsIn(record.startedAt, at) && wh === energyWh);

type Amended = { readonly curve: Curve; readonly energyWh: number; readonly changes: readonly PendingChange[] };

/** The reading stands between two others: where the energy flowed is known better, how much stays. */
const between = ({ record }: ToldEnd, energyWh: number, context: EventContext): Amended | undefined => {
  const { curve, startedAt, sessionId } = record;
  const sec = secondsIn(startedAt, context.at);
  const before = curve.findLast(([other]) => other <= sec);
  const after = curve.find(([other]) => other > sec);
  if (!before || !after || before[0] === sec || energyWh < before[1] || energyWh > after[1]) return undefined;
  const pointOf = ([atSec, wh]: Curve[number]) => ({ at: startedAt + atSec * SECOND_MS, energyWh: wh });
  const change: PendingChange = {
    type: 'ReadingBackfilled',
    ...contextFields(context),
    sessionId,
    energyWh,
    before: pointOf(before),
    after: pointOf(after),
  };
  return { curve: withPoint(curve, startedAt, sec, energyWh), energyWh: record.energyWh, changes: [change] };
};

/** The stop told no register, and the reading shows more than was known: the session delivered that much. */
const beyond = ({ record }: ToldEnd, energyWh: number, ratedW: number, context: EventContext): Amended | undefined => {
  const { startedAt, endedAt, sessionId, meterStopWh } = record;
  const sec = secondsIn(startedAt, context.at);
  const measured = record.curve.slice(0, -1);
  const last = measured.at(-1) ?? [0, 0];
  const mostWh = record.energyWh + plausibleWh(ratedW, (sec - last[0]) * SECOND_MS);
  const isNews = meterStopWh === undefined && energyWh > record.energyWh && energyWh <= mostWh && last[0] <= sec;
  if (!isNews) return undefined;
  const known = withPoint(measured, startedAt, sec, energyWh);
  const curve = closedCurve(known, startedAt, secondsIn(startedAt, endedAt), energyWh);
  return { curve, energyWh, changes: minutesFromCurve(sessionId, startedAt, curve, context) };
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

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
  const { record, sessionId } = recent;
  const energyWh = energyBy(recent, reading.energyWh);
  if (energyWh === undefined || context.at < record.startedAt || context.at > record.endedAt) return undefined;
  if (isKnown(recent, energyWh, context.at)) return { next: connector, changes: [] };
  const { ratedW } = connector.place;
  const amended = between(recent, energyWh, context) ?? beyond(recent, energyWh, ratedW, context);
  if (amended === undefined) return undefined;
  if (isSame(amended.curve, record.curve)) return { next: connector, changes: amended.changes };
  const amendedRecord: EndedSession = {
    ...record,
    curve: amended.curve,
    energyWh: amended.energyWh,
    flags: withFlag(record.flags, 'lateArrival'),
    rev: connector.rev + 1,
  };
  return {
    next: {
      ...connector,
      recent: connector.recent.map((other) =>
        other.sessionId === sessionId ? { ...recent, record: amendedRecord } : other,
      ),
    },
    changes: [
      ...amended.changes,
      { type: 'SessionAmended', ...contextFields(context), at: record.endedAt, session: amendedRecord },
    ],
  };
};

/** A reading of a session that ended for good: it amends the record where it can, and is recorded on the timeline where it cannot. */
export const lateReading = (
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
