import type { Curve, EndedSession } from '../kernel/ended-session.ts';
import { contextFields, type EventContext } from '../kernel/event-context.ts';
import type { MeterSampled } from '../kernel/fact.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';
import { closedCurve, roundWh, secondsIn, withPoint } from '../session/curve.ts';
import { flagsWith, minutesAgain } from '../session/metering.ts';
import { plausibleWh } from '../session/plausible-energy.ts';
import type { RecentSession, ToldEnd } from '../session/session.ts';
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
const between = ({ record }: ToldEnd, energyWh: number, moment: EventContext): Amended | undefined => {
  const { curve, startedAt, sessionId } = record;
  const sec = secondsIn(startedAt, moment.at);
  const before = curve.findLast(([other]) => other <= sec);
  const after = curve.find(([other]) => other > sec);
  if (!before || !after || before[0] === sec || energyWh < before[1] || energyWh > after[1]) return undefined;
  const pointOf = ([atSec, wh]: Curve[number]) => ({ at: startedAt + atSec * 1000, energyWh: wh });
  const change: PendingChange = {
    type: 'ReadingBackfilled',
    ...contextFields(moment),
    sessionId,
    energyWh,
    before: pointOf(before),
    after: pointOf(after),
  };
  return { curve: withPoint(curve, startedAt, sec, energyWh), energyWh: record.energyWh, changes: [change] };
};

/** The stop told no register, and the reading shows more than was known: the session delivered that much. */
const beyond = ({ record }: ToldEnd, energyWh: number, ratedW: number, moment: EventContext): Amended | undefined => {
  const { startedAt, endedAt, sessionId, meterStopWh } = record;
  const sec = secondsIn(startedAt, moment.at);
  const measured = record.curve.slice(0, -1);
  const last = measured.at(-1) ?? [0, 0];
  const mostWh = record.energyWh + plausibleWh(ratedW, (sec - last[0]) * 1000);
  const isNews = meterStopWh === undefined && energyWh > record.energyWh && energyWh <= mostWh && last[0] <= sec;
  if (!isNews) return undefined;
  const known = withPoint(measured, startedAt, sec, energyWh);
  const curve = closedCurve(known, startedAt, secondsIn(startedAt, endedAt), energyWh);
  return { curve, energyWh, changes: minutesAgain(sessionId, startedAt, curve, moment) };
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * A reading from within a session that ended for good. Until the next session begins on the connector it amends the record
 * and its windows; it opens nothing. Undefined where it adds nothing that can be told for sure.
 */
export const readLate = (
  connector: Connector,
  { told, sessionId }: RecentSession,
  { reading, clock }: MeterSampled,
  moment: EventContext,
): Transition<Connector> | undefined => {
  if (told === undefined || reading.energyWh === undefined || clock !== 'charger') return undefined;
  const { record } = told;
  const energyWh = energyBy(told, reading.energyWh);
  if (energyWh === undefined || moment.at < record.startedAt || moment.at > record.endedAt) return undefined;
  if (isKnown(told, energyWh, moment.at)) return { next: connector, changes: [] };
  const { ratedW } = connector.place;
  const amended = between(told, energyWh, moment) ?? beyond(told, energyWh, ratedW, moment);
  if (amended === undefined) return undefined;
  if (isSame(amended.curve, record.curve)) return { next: connector, changes: amended.changes };
  const again: EndedSession = {
    ...record,
    curve: amended.curve,
    energyWh: amended.energyWh,
    flags: flagsWith(record.flags, 'lateArrival'),
    rev: connector.rev + 1,
  };
  const recent = connector.recent.map((other) =>
    other.sessionId === sessionId ? { ...other, told: { ...told, record: again } } : other,
  );
  return {
    next: { ...connector, recent },
    changes: [
      ...amended.changes,
      { type: 'SessionAmended', ...contextFields(moment), at: record.endedAt, session: again },
    ],
  };
};
