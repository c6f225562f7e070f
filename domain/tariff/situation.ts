import { type LocalTime, localDays } from '../calendar/local-time.ts';
import { offsetSegment, zoneOffsetMs } from '../calendar/offset-segment.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import { type Restrictions, weekdays } from './tariff.ts';

/** The stretch of a session a restriction is asked about: how things stand at its start, and its mean power and current. */
export type Situation = {
  readonly local: LocalTime;
  readonly elapsedMs: number;
  readonly energyWh: number;
  readonly powerW: number;
  /** Summed over the phases. */
  readonly currentA: number;
};

const minuteOf = (time: string): number => {
  const parts = /^(\d{2}):(\d{2})$/.exec(time);
  if (parts === null) throw new RangeError(`Not a time of day (HH:MM): ${time}`);
  return Number(parts[1]) * 60 + Number(parts[2]);
};

const withinTimes = ({ startTime, endTime }: Restrictions, minute: number): boolean => {
  const start = startTime === undefined ? 0 : minuteOf(startTime);
  // '00:00' as an end is midnight at the end of the day.
  const end = endTime === undefined || endTime === '00:00' ? 24 * 60 : minuteOf(endTime);
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
};

const withinSeason = ({ season }: Restrictions, monthDay: string): boolean => {
  if (season === undefined) return true;
  const { from, to } = season;
  return from <= to ? monthDay >= from && monthDay <= to : monthDay >= from || monthDay <= to;
};

const withinRange = (value: number, from: number | undefined, below: number | undefined): boolean =>
  value >= (from ?? Number.NEGATIVE_INFINITY) && (below === undefined || value < below);

/** Whether an element applies. Unrestricted ones always do. */
export const applies = (restrictions: Restrictions | undefined, situation: Situation): boolean => {
  if (restrictions === undefined) return true;
  const { local, elapsedMs, energyWh, powerW, currentA } = situation;
  const weekday = weekdays[local.weekday];
  return (
    withinTimes(restrictions, local.minuteOfDay) &&
    local.date >= (restrictions.startDate ?? '') &&
    (restrictions.endDate === undefined || local.date < restrictions.endDate) &&
    withinSeason(restrictions, local.date.slice(5)) &&
    (restrictions.daysOfWeek === undefined || (weekday !== undefined && restrictions.daysOfWeek.includes(weekday))) &&
    withinRange(currentA, restrictions.minCurrentA, restrictions.maxCurrentA) &&
    withinRange(powerW, restrictions.minPowerW, restrictions.maxPowerW) &&
    withinRange(energyWh, restrictions.minEnergyWh, restrictions.maxEnergyWh) &&
    withinRange(elapsedMs / 1000, restrictions.minDurationSec, restrictions.maxDurationSec)
  );
};

/**
 * Instants within (fromAt, toAt) at which the clock or the session's age may change what applies.
 * More than needed does no harm, so a day with a clock change simply gets its times under both offsets, and the change itself.
 */
export const timeBoundaries = (
  all: readonly Restrictions[],
  timeZone: string,
  startedAt: number,
  fromAt: number,
  toAt: number,
): number[] => {
  const minutes = new Set(
    all.flatMap(({ startTime, endTime }) =>
      [startTime, endTime].flatMap((time) => (time === undefined ? [] : [minuteOf(time)])),
    ),
  );
  const boundaries = localDays(timeZone, fromAt, toAt).flatMap(({ date, startAt, endAt }) => {
    const midnight = Date.parse(`${date}T00:00:00Z`);
    const first = offsetSegment(timeZone, startAt);
    const offsets = new Set([first.offsetMs, zoneOffsetMs(timeZone, endAt - 1)]);
    const times = [...offsets].flatMap((offsetMs) =>
      [...minutes].map((minute) => midnight + minute * MINUTE_MS - offsetMs),
    );
    return [startAt, first.endAt, ...times];
  });
  for (const { minDurationSec, maxDurationSec } of all)
    for (const sec of [minDurationSec, maxDurationSec])
      if (sec !== undefined) boundaries.push(startedAt + Math.round(sec * 1000));
  return boundaries.filter((at) => at > fromAt && at < toAt);
};
