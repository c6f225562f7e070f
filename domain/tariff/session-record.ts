import { localHours } from '../calendar/local-time.ts';
import { LONGEST_SESSION_MS, SECOND_MS } from '../kernel/durations.ts';
import type { EndedSession } from '../kernel/ended-session.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { nominalVoltageV } from '../registry/electrics.ts';
import type { Place } from '../registry/place.ts';
import { type EnergySlot, energyByHour } from '../session/energy-by-slot.ts';
import { energyAt, roundWh, secondsIn } from '../session/meter-curve.ts';
import { assignedTariff, type TariffBook } from './assigned-tariff.ts';
import { type SessionCost, sessionCost } from './session-cost.ts';

/** A session as history keeps it: what was metered, where, when by the clocks of the site, and what it cost. */
export type SessionRecord = EndedSession & {
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  readonly timeZone: string;
  readonly connectorType: string;
  readonly ratedW: number;
  readonly durationMs: number;
  /** Energy per clock hour of the site; `startAt` of the first is the start of its hour. */
  readonly hours: readonly EnergySlot[];
  readonly hoursUtc: readonly EnergySlot[];
  /** Absent where charging is not priced, and of a session of which only the end is known. */
  readonly cost?: SessionCost;
};

/** What is read of an ended session to add up what was sold. */
export type SoldSession = Pick<
  SessionRecord,
  'sessionId' | 'timeZone' | 'endedAt' | 'energyWh' | 'durationMs' | 'hours'
> & { readonly cost?: Pick<SessionCost, 'currency' | 'hours'> };

/** From when a session is told, hour by hour: its start, or as long before its end as the longest session that is told. */
export const toldFrom = ({ startedAt, endedAt }: Pick<EndedSession, 'startedAt' | 'endedAt'>): number =>
  Math.max(startedAt, endedAt - 1 - LONGEST_SESSION_MS);

/** Energy of a session per clock hour of a zone; the sum is the session's energy, exactly. */
export const energyByLocalHour = (
  { curve, startedAt }: Pick<EndedSession, 'curve' | 'startedAt'>,
  timeZone: string,
): readonly EnergySlot[] => {
  const [lastSec, totalWh] = curve.at(-1) ?? [0, 0];
  // A session without length still lies in an hour.
  const endAt = Math.max(startedAt + lastSec * SECOND_MS, startedAt + 1);
  // What was delivered before the longest time that is told stands in its first hour.
  const hours = localHours(timeZone, toldFrom({ startedAt, endedAt: endAt }), endAt);
  let deliveredWh = 0;
  return hours.map(({ startAt, endAt }, index) => {
    const reachedWh = index === hours.length - 1 ? totalWh : energyAt(curve, secondsIn(startedAt, endAt));
    const energyWh = roundWh(reachedWh - deliveredWh);
    deliveredWh = reachedWh;
    return { startAt, energyWh };
  });
};

/** Whether nothing but the end of a session is known: neither when it started, nor what flowed. */
const isEndAlone = ({ flags, startedAt, endedAt }: EndedSession): boolean =>
  flags.includes('orphan') && startedAt === endedAt;

/**
 * The record of an ended session, priced by the tariff that held at its place when it started; without a price where nobody
 * knows when that was.
 */
export const sessionRecord = (session: EndedSession, place: Place, book: TariffBook): SessionRecord => {
  const { siteId, zoneId, region, timeZone, connectorType, ratedW } = place;
  const tariff = isEndAlone(session)
    ? undefined
    : assignedTariff(book, { stationId: session.stationId, siteId, connectorType }, session.startedAt);
  const metered = { ...session, nominalVoltageV: nominalVoltageV(place) };
  return {
    ...session,
    siteId,
    zoneId,
    region,
    timeZone,
    connectorType,
    ratedW,
    durationMs: session.endedAt - session.startedAt,
    hours: energyByLocalHour(session, timeZone),
    hoursUtc: energyByHour(session.curve, session.startedAt),
    ...omitUndefined({ cost: tariff && sessionCost(metered, tariff, timeZone) }),
  };
};
