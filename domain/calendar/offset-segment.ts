import { DAY_MS } from '../kernel/durations.ts';
/**
 * Offsets of IANA time zones from Intl, remembered as transitions: formatting every instant costs microseconds each,
 * looking a segment up costs nanoseconds, and windows look up millions.
 */

/** A stretch of time with one constant offset from UTC (local minus UTC). `startAt` and `endAt` are ms since the epoch. */
export type OffsetSegment = { readonly startAt: number; readonly endAt: number; readonly offsetMs: number };

const PROBE_MS = 7 * DAY_MS;
/** Segments are found one chunk at a time; long enough to be few, short enough to cost a few dozen probes. */
const CHUNK_MS = 52 * PROBE_MS;

const formats = new Map<string, Intl.DateTimeFormat>();
const chunks = new Map<string, Map<number, readonly OffsetSegment[]>>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
};

const probe = (timeZone: string, at: number): number => {
  const field: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) field[type] = Number(value);
  const { year = Number.NaN, month = Number.NaN, day, hour, minute, second } = field;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
};

/** The first instant in (fromAt, toAt] with the offset that holds at `toAt`; to the second, as transitions are. */
const transition = (timeZone: string, fromAt: number, toAt: number, after: number): number => {
  let before = fromAt;
  let from = toAt;
  while (from - before > 1000) {
    const middle = Math.floor((before + from) / 2000) * 1000;
    if (probe(timeZone, middle) === after) from = middle;
    else before = middle;
  }
  return from;
};

const chunkSegments = (timeZone: string, chunk: number): readonly OffsetSegment[] => {
  const endAt = (chunk + 1) * CHUNK_MS;
  const segments: OffsetSegment[] = [];
  let startAt = chunk * CHUNK_MS;
  let offsetMs = probe(timeZone, startAt);
  for (let at = startAt; at < endAt; at += PROBE_MS) {
    const next = probe(timeZone, at + PROBE_MS);
    if (next === offsetMs) continue;
    const changeAt = transition(timeZone, at, at + PROBE_MS, next);
    segments.push({ startAt, endAt: changeAt, offsetMs });
    startAt = changeAt;
    offsetMs = next;
  }
  if (startAt < endAt) segments.push({ startAt, endAt, offsetMs });
  return segments;
};

/** The segment an instant lies in. Long constant stretches come in pieces. Throws RangeError for an unknown zone. */
export const offsetSegment = (timeZone: string, at: number): OffsetSegment => {
  const chunk = Math.floor(at / CHUNK_MS);
  let ofZone = chunks.get(timeZone);
  if (ofZone === undefined) {
    ofZone = new Map();
    chunks.set(timeZone, ofZone);
  }
  let segments = ofZone.get(chunk);
  if (segments === undefined) {
    segments = chunkSegments(timeZone, chunk);
    ofZone.set(chunk, segments);
  }
  const segment = segments.find(({ endAt }) => at < endAt);
  if (segment === undefined) throw new RangeError(`No offset of ${timeZone} at ${at}`);
  return segment;
};

/** Local minus UTC, ms, in force at an instant. */
export const zoneOffsetMs = (timeZone: string, at: number): number => offsetSegment(timeZone, at).offsetMs;
