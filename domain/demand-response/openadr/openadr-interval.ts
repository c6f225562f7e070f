import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/durations.ts';

/** OpenADR's intervalPeriod: `start` an instant, `duration` as in ISO 8601. */
export type IntervalPeriod = {
  readonly start?: string;
  readonly duration?: string;
  /** ISO 8601: the start is moved by chance, by at most this either way. */
  readonly randomizeStart?: string;
};

export type OpenAdrEventTimes = {
  readonly intervalPeriod?: IntervalPeriod;
  /** Of the whole event (3.1): a shorter one cuts the intervals off, a longer one repeats them. */
  readonly duration?: string;
  readonly intervals: readonly { readonly id: number; readonly intervalPeriod?: IntervalPeriod }[];
};

/** An interval with its instants, ms since the epoch; `endAt` is infinite for one that lasts until further notice. */
export type IntervalSpan = { readonly id: number; readonly startAt: number; readonly endAt: number };

/** The beginning of time is no instant: the event begins now, or an interval follows the one before. Drafts wrote year 0. */
const NO_INSTANT = /^(0001-01-01|0000-0[01]-0[01])/;
const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
/** Years from here on mean for ever (`P9999Y`). */
const ENDLESS_YEARS = 100;

/** A duration in ms; infinite for `P9999Y`. A month has 30 days, a year 365. Undefined for a text that is none. */
export const durationMs = (text: string): number | undefined => {
  const match = DURATION.exec(text);
  if (match === null || /^PT?$/.test(text)) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  if (years >= ENDLESS_YEARS) return Number.POSITIVE_INFINITY;
  const inDays = years * 365 + months * 30 + weeks * 7 + days;
  return inDays * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
};

/** The instant at which a period begins; undefined where it names none. */
const startOf = (period: IntervalPeriod | undefined): number | undefined =>
  period?.start === undefined || NO_INSTANT.test(period.start) ? undefined : Date.parse(period.start);

/** Whether a period names the instant at which it begins: it follows no other then. */
export const namesInstant = (period: IntervalPeriod | undefined): boolean => startOf(period) !== undefined;

/**
 * A duration in ms; NaN for a text that is none. Undefined where none is given, as by `PT0S`: the default of the schema, which
 * servers write where nobody said how long.
 */
const lengthOf = (duration: string | undefined): number | undefined => {
  const lengthMs = duration === undefined ? undefined : (durationMs(duration) ?? Number.NaN);
  return lengthMs === 0 ? undefined : lengthMs;
};

/** One pass over the intervals from a start on. An interval's own period overrides that of the event. */
const onePass = (event: OpenAdrEventTimes, from: number): readonly IntervalSpan[] => {
  let startAt = from;
  return event.intervals.map(({ id, intervalPeriod }) => {
    startAt = startOf(intervalPeriod) ?? startAt;
    // Where nobody says how long it lasts until further notice.
    const lengthMs =
      lengthOf(intervalPeriod?.duration) ?? lengthOf(event.intervalPeriod?.duration) ?? Number.POSITIVE_INFINITY;
    const timed = { id, startAt, endAt: startAt + lengthMs };
    startAt = timed.endAt;
    return timed;
  });
};

/** An interval at its place among all that its event has, repeats counted: the same whenever it is looked at. */
export type PlacedInterval = IntervalSpan & { readonly index: number };

/** So many are looked at: three days in steps of three seconds have fewer. */
export const MOST_TIMED = 100_000;

/**
 * The intervals of an event in time, in the order of their starts, up to `horizonMs` from now: one after the other from the
 * event's start on, each as long as its own period or the event's says, and from its own start on where it names one. The
 * duration of the event counts from the earliest start. Start `0001-01-01` of the event is now; of an interval it names none
 * (OpenADR 3.1 User Guide, 7.3). Repeats that were over at `since` are left out, and after MOST_TIMED no more are looked for.
 * Throws RangeError for what is no instant or duration.
 */
export const timedIntervals = (
  event: OpenAdrEventTimes,
  now: number,
  horizonMs = 2 * DAY_MS,
  since = Number.NEGATIVE_INFINITY,
): readonly PlacedInterval[] => {
  const eventFrom = event.intervalPeriod?.start === undefined ? undefined : (startOf(event.intervalPeriod) ?? now);
  const first = onePass(event, eventFrom ?? now).toSorted((one, other) => one.startAt - other.startAt);
  const from = Math.min(eventFrom ?? Number.POSITIVE_INFINITY, ...first.map(({ startAt }) => startAt));
  if (Number.isNaN(from) || first.some(({ endAt }) => Number.isNaN(endAt)))
    throw new RangeError('An interval names a start or a duration that is none');
  const passMs = Math.max(...first.map(({ endAt }) => endAt)) - from;
  const wholeMs = lengthOf(event.duration) ?? passMs;
  if (Number.isNaN(wholeMs)) throw new RangeError(`The event names a duration that is none: ${event.duration}`);
  const until = Math.min(from + wholeMs, now + horizonMs);
  const isRepeated = passMs > 0 && passMs < Number.POSITIVE_INFINITY;
  const timed: PlacedInterval[] = [];
  for (let pass = isRepeated ? Math.max(0, Math.floor((since - from) / passMs)) : 0; ; pass += 1) {
    const movedMs = pass === 0 ? 0 : pass * passMs;
    for (const [place, { id, startAt, endAt }] of first.entries()) {
      const moved = { startAt: startAt + movedMs, endAt: Math.min(endAt + movedMs, from + wholeMs) };
      if (moved.startAt < until) timed.push({ id, index: pass * first.length + place, ...moved });
    }
    if (!isRepeated || from + movedMs + passMs >= until || timed.length >= MOST_TIMED) return timed;
  }
};

/** The parts of an interval that several values of one payload share equally. */
export const equalParts = ({ id, startAt, endAt }: IntervalSpan, count: number): readonly IntervalSpan[] =>
  Array.from({ length: count }, (_, index) => ({
    id,
    startAt: startAt + ((endAt - startAt) * index) / count,
    endAt: startAt + ((endAt - startAt) * (index + 1)) / count,
  }));

/** A start moved by chance within `randomizeStart`, either way; `chance` is from 0 up to, but not including, 1. */
export const randomizedStart = (startAt: number, randomizeStart: string | undefined, chance: number): number => {
  const spreadMs = randomizeStart === undefined ? 0 : (durationMs(randomizeStart) ?? 0);
  return startAt + Math.round((2 * chance - 1) * spreadMs);
};
