import { CLOCK_AHEAD_MS, HOUR_MS } from '../domain/kernel/durations.ts';
import type { Warn } from './warning.ts';

/** No OCPP 1.6 or 2.x charger is older; earlier stamps come from clocks that were never set. */
const OLDEST_MS = Date.UTC(2010, 0, 1);

const iso = /^(\d{4})(-?)(\d\d)\2(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,12}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Midnight (UTC) of a calendar day, also in the years before 100; undefined for a 31 February, which Date would roll over. */
const midnightOf = (year: number, month: number, day: number): number | undefined => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
};

/** 24:00:00 is the end of a day, second 60 a leap second: both are the instant after them. */
const isTimeOfDay = (hour: number, minute: number, second: number): boolean =>
  minute <= 59 && second <= 60 && (hour <= 23 || (hour === 24 && minute === 0 && second === 0));

/**
 * Milliseconds of an ISO 8601 stamp (extended or basic format), and whether it named its zone; undefined if it is none.
 * Without a zone it is UTC.
 */
export const parseInstant = (text: string): { at: number; zoned: boolean } | undefined => {
  const match = iso.exec(text.trim());
  if (!match) return undefined;
  const [, year, , month, day, hour, minute, second = '0', fraction = '0', zone] = match;
  const midnight = midnightOf(Number(year), Number(month), Number(day));
  const offset = offsetMs(zone);
  if (midnight === undefined || offset === undefined) return undefined;
  if (!isTimeOfDay(Number(hour), Number(minute), Number(second))) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const at = midnight + seconds * 1000 + Math.floor(Number(`0.${fraction}`) * 1000) - offset;
  return { at, zoned: zone !== undefined };
};

/** No zone on earth is further from UTC than +14:00 (Kiribati): what says more is no zone. */
const MAX_OFFSET_MIN = 14 * 60;

const offsetMs = (zone: string | undefined): number | undefined => {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (minutes > 59 || hours * 60 + minutes > MAX_OFFSET_MIN) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

/**
 * Whether a stamp is the same at any time: none, no instant and without a digit but 0, or the full hour before 2010 at which
 * a clock stands that neither was set nor runs.
 */
export const isOfNoTime = (stamp: string | undefined): boolean => {
  if (stamp === undefined) return true;
  const parsed = parseInstant(stamp);
  return parsed ? parsed.at < OLDEST_MS && parsed.at % HOUR_MS === 0 : !/[1-9]/.test(stamp);
};

export type Timing = {
  readonly at: number;
  readonly receivedAt: number;
  readonly stampedAt?: number;
  readonly clock: 'charger' | 'receiver';
};

/**
 * When a message's event happened. The charger's stamp counts unless it is missing, unreadable, before 2010 or more than
 * 5 min ahead of the receive time; then the receive time does, and a readable stamp is kept beside it.
 * However far in the past: an offline queue is history, not skew.
 */
export const timingOf = (stamp: string | undefined, receivedAt: number, warn: Warn, path: string): Timing => {
  const received = { at: receivedAt, receivedAt, clock: 'receiver' } as const;
  if (stamp === undefined) {
    warn('timestamp-missing', 'No timestamp: the receive time counts', path);
    return received;
  }
  const parsed = parseInstant(stamp);
  if (!parsed) {
    warn('timestamp-unreadable', `"${stamp.slice(0, 40)}" is no ISO 8601 instant: the receive time counts`, path);
    return received;
  }
  if (!parsed.zoned) warn('timestamp-without-zone', `"${stamp}" names no zone: taken as UTC`, path);
  if (parsed.at < OLDEST_MS) {
    warn('timestamp-before-2010', `"${stamp}" comes from a clock that was never set: the receive time counts`, path);
    return { ...received, stampedAt: parsed.at };
  }
  if (parsed.at > receivedAt + CLOCK_AHEAD_MS) {
    warn('timestamp-in-future', `"${stamp}" is more than 5 min ahead: the receive time counts`, path);
    return { ...received, stampedAt: parsed.at };
  }
  return { at: parsed.at, receivedAt, clock: 'charger' };
};
