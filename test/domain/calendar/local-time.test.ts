import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  instantOfWall,
  localDay,
  localDays,
  localHour,
  localHours,
  localMonth,
  localTime,
} from '../../../domain/calendar/local-time.ts';
import { zoneOffsetMs } from '../../../domain/calendar/offset-segment.ts';

const at = (iso: string) => Date.parse(iso);
const HOUR = 3_600_000;
const zones = [
  'Europe/London',
  'America/Los_Angeles',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'UTC',
];

describe('local time', () => {
  it('gives the autumn change 25 hours and the spring change 23', () => {
    expect(localDay('Europe/London', at('2018-10-28T12:00:00Z'))).toEqual({
      date: '2018-10-28',
      startAt: at('2018-10-27T23:00:00Z'),
      endAt: at('2018-10-29T00:00:00Z'),
    });
    const spring = localDay('Europe/London', at('2026-03-29T12:00:00Z'));
    expect((spring.endAt - spring.startAt) / HOUR).toBe(23);
  });

  it('reads the wall clock on both sides of a change', () => {
    expect(localTime('Europe/London', at('2018-10-28T00:59:00Z'))).toEqual({
      year: 2018,
      month: 10,
      day: 28,
      weekday: 0,
      minuteOfDay: 119,
      date: '2018-10-28',
    });
    expect(localTime('Europe/London', at('2018-10-28T01:00:00Z')).minuteOfDay).toBe(60);
  });

  it('starts a day whose midnight is skipped at the change itself', () => {
    // Brazil moved its clocks at midnight: 2018-11-04 began at 01:00.
    expect(localDay('America/Sao_Paulo', at('2018-11-04T12:00:00Z')).startAt).toBe(at('2018-11-04T03:00:00Z'));
    expect(localTime('America/Sao_Paulo', at('2018-11-04T03:00:00Z')).minuteOfDay).toBe(60);
  });

  it('takes the first of two equal wall times', () => {
    expect(instantOfWall('Europe/London', at('2018-10-28T01:30:00Z'))).toBe(at('2018-10-28T00:30:00Z'));
  });

  it('keeps the hours of a half-hour zone on its own clock', () => {
    expect(localHour('Asia/Kolkata', at('2026-01-01T10:45:00Z'))).toEqual({
      startAt: at('2026-01-01T10:30:00Z'),
      endAt: at('2026-01-01T11:30:00Z'),
    });
  });

  it('cuts the hour in which a clock changes by half an hour, in either direction', () => {
    const hours = (from: string, to: string) =>
      localHours('Australia/Lord_Howe', at(from), at(to)).map(({ startAt, endAt }) => [
        new Date(startAt).toISOString().slice(11, 16),
        (endAt - startAt) / 60_000,
      ]);
    // 2:00 (+11:00) becomes 1:30 (+10:30): half an hour of the clock comes twice.
    expect(hours('2026-04-04T13:00:00Z', '2026-04-04T16:30:00Z')).toEqual([
      ['13:00', 60],
      ['14:00', 60],
      ['15:00', 30],
      ['15:30', 60],
    ]);
    // In Venezuela 2:30 (-4:30) became 3:00 (-4:00): the hour ended half-way.
    expect(
      localHours('America/Caracas', at('2016-05-01T05:30:00Z'), at('2016-05-01T08:00:00Z')).map(
        ({ startAt, endAt }) => (endAt - startAt) / 60_000,
      ),
    ).toEqual([60, 30, 60]);
    // 2:00 (+10:30) becomes 2:30 (+11:00): half an hour of the clock is left out.
    expect(hours('2026-10-03T13:30:00Z', '2026-10-03T17:00:00Z')).toEqual([
      ['13:30', 60],
      ['14:30', 60],
      ['15:30', 30],
      ['16:00', 60],
    ]);
  });

  it('names a month by the zone', () => {
    expect(localMonth('Europe/London', '2026-10')).toEqual({
      startAt: at('2026-09-30T23:00:00Z'),
      endAt: at('2026-11-01T00:00:00Z'),
    });
    expect(() => localMonth('Europe/London', '2026-13')).toThrow(RangeError);
  });

  it('refuses an unknown zone', () => {
    expect(() => zoneOffsetMs('Mars/Olympus', 0)).toThrow(RangeError);
  });

  it('agrees with Intl at any instant in any zone', () => {
    const format = new Map(
      zones.map((timeZone) => [
        timeZone,
        new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
      ]),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2010-01-01T00:00:00Z') / 60_000, max: at('2030-01-01T00:00:00Z') / 60_000 }),
        (zone, minute) => {
          const { date, minuteOfDay } = localTime(zone, minute * 60_000);
          const clock = `${String(Math.floor(minuteOfDay / 60)).padStart(2, '0')}:${String(minuteOfDay % 60).padStart(2, '0')}`;
          expect(`${date} ${clock}`).toBe(format.get(zone)?.format(minute * 60_000));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('tiles time with days and hours, without gap or overlap', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z') }),
        (zone, start) => {
          const end = start + 4 * 86_400_000;
          for (const spans of [localDays(zone, start, end), localHours(zone, start, end)]) {
            expect(spans[0]?.startAt).toBeLessThanOrEqual(start);
            expect(spans.at(-1)?.endAt).toBeGreaterThanOrEqual(end);
            for (const [index, span] of spans.slice(1).entries()) expect(span.startAt).toBe(spans[index]?.endAt);
            for (const span of spans) expect(span.endAt).toBeGreaterThan(span.startAt);
          }
          const day = localDay(zone, start);
          expect(localDay(zone, day.startAt)).toEqual(day);
          expect(localDay(zone, day.endAt - 1)).toEqual(day);
        },
      ),
      { numRuns: 300 },
    );
  });
});
