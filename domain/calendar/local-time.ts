import { DAY_MS, HOUR_MS } from '../kernel/durations.ts';
import { offsetSegment, zoneOffsetMs } from './offset-segment.ts';

/** What a clock on the wall of the zone shows. `weekday` 0 is Sunday; `minuteOfDay` is what the clock shows, not what has elapsed. */
export type LocalTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly minuteOfDay: number;
  /** 'YYYY-MM-DD' */
  readonly date: string;
};

/** A stretch of the zone's calendar with its true length: a day has 23 to 25 hours, an hour may be cut by a clock change. */
export type CalendarSpan = { readonly startAt: number; readonly endAt: number };
export type LocalDay = CalendarSpan & { readonly date: string };

export const localTime = (timeZone: string, at: number): LocalTime => {
  const wall = new Date(at + zoneOffsetMs(timeZone, at));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    weekday: wall.getUTCDay(),
    minuteOfDay: wall.getUTCHours() * 60 + wall.getUTCMinutes(),
    date: wall.toISOString().slice(0, 10),
  };
};

/**
 * The first instant at which the zone's clock shows `wallMs` (ms since the epoch as if the wall were UTC) or, where a
 * spring change skips it, the instant of that change.
 */
export const instantOfWall = (timeZone: string, wallMs: number): number => {
  // The earlier of the candidates is the first of two equal wall times in autumn.
  let at = wallMs - Math.max(zoneOffsetMs(timeZone, wallMs - DAY_MS), zoneOffsetMs(timeZone, wallMs + DAY_MS));
  for (;;) {
    const { offsetMs, endAt } = offsetSegment(timeZone, at);
    if (at + offsetMs >= wallMs) return at;
    at = Math.min(endAt, wallMs - offsetMs);
  }
};

/** The local day an instant belongs to. */
export const localDay = (timeZone: string, at: number): LocalDay => {
  const midnight = Math.floor((at + zoneOffsetMs(timeZone, at)) / DAY_MS) * DAY_MS;
  return {
    date: new Date(midnight).toISOString().slice(0, 10),
    startAt: instantOfWall(timeZone, midnight),
    endAt: instantOfWall(timeZone, midnight + DAY_MS),
  };
};

/** The clock hour of the zone an instant belongs to; a clock change ends one hour and begins another. */
export const localHour = (timeZone: string, at: number): CalendarSpan => {
  const segment = offsetSegment(timeZone, at);
  const startAt = Math.floor((at + segment.offsetMs) / HOUR_MS) * HOUR_MS - segment.offsetMs;
  const previous = offsetSegment(timeZone, segment.startAt - 1).offsetMs;
  const next = offsetSegment(timeZone, segment.endAt).offsetMs;
  return {
    // Segments also end where no clock changes (pieces of a long stretch): those do not cut an hour.
    startAt: previous === segment.offsetMs ? startAt : Math.max(startAt, segment.startAt),
    endAt: next === segment.offsetMs ? startAt + HOUR_MS : Math.min(startAt + HOUR_MS, segment.endAt),
  };
};

const spans = <Span extends CalendarSpan>(of: (at: number) => Span, fromAt: number, toAt: number): Span[] => {
  const found: Span[] = [];
  for (let at = fromAt; at < toAt; ) {
    const span = of(at);
    found.push(span);
    at = span.endAt;
  }
  return found;
};

/** The local days that overlap [fromAt, toAt), whole. */
export const localDays = (timeZone: string, fromAt: number, toAt: number): LocalDay[] =>
  spans((at) => localDay(timeZone, at), fromAt, toAt);

/** The local clock hours that overlap [fromAt, toAt), whole. */
export const localHours = (timeZone: string, fromAt: number, toAt: number): CalendarSpan[] =>
  spans((at) => localHour(timeZone, at), fromAt, toAt);

/** The calendar month 'YYYY-MM' of the zone. Throws RangeError for any other text. */
export const localMonth = (timeZone: string, month: string): CalendarSpan => {
  const parts = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (parts === null) throw new RangeError(`Not a month (YYYY-MM): ${month}`);
  const [, year, number] = parts;
  return {
    startAt: instantOfWall(timeZone, Date.UTC(Number(year), Number(number) - 1)),
    endAt: instantOfWall(timeZone, Date.UTC(Number(year), Number(number))),
  };
};
