import { describe, expect, it } from 'vitest';
import { type EventSpan, settlementDays } from '../../../domain/demand-response/settlement-days.ts';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(text);
/** Of an event of so many hours. */
const daysFor = (startAt: number, timeZone: string, events: readonly EventSpan[], hours = 1) =>
  settlementDays({ startAt, endAt: startAt + hours * HOUR_MS }, timeZone, events);
const asText = (instants: readonly number[]) => instants.map((instant) => new Date(instant).toISOString());

describe('days that a settlement baseline is made of', () => {
  it('are working days for an event on one, by the calendar of the place', () => {
    // Friday the 10th at 18:00 in Los Angeles is Saturday in UTC.
    const days = daysFor(at('2026-07-11T01:00:00Z'), 'America/Los_Angeles', []);
    expect(asText(days.slice(0, 6))).toEqual([
      '2026-07-10T01:00:00.000Z',
      '2026-07-09T01:00:00.000Z',
      '2026-07-08T01:00:00.000Z',
      '2026-07-07T01:00:00.000Z',
      '2026-07-04T01:00:00.000Z',
      '2026-07-03T01:00:00.000Z',
    ]);
    expect(days).toHaveLength(33);
  });

  it('are Saturdays and Sundays for an event on one of them', () => {
    const days = daysFor(at('2026-07-11T12:00:00Z'), 'UTC', []);
    expect(asText(days.slice(0, 3))).toEqual([
      '2026-07-05T12:00:00.000Z',
      '2026-07-04T12:00:00.000Z',
      '2026-06-28T12:00:00.000Z',
    ]);
  });

  it('leave out every day on which an event ran', () => {
    const events = [
      // From the evening of Tuesday to the morning of Wednesday, in Berlin.
      { startAt: at('2026-07-07T20:00:00Z'), endAt: at('2026-07-08T04:00:00Z') },
      { startAt: at('2026-07-03T22:30:00Z'), endAt: at('2026-07-03T23:00:00Z') },
    ];
    const days = daysFor(at('2026-07-10T16:00:00Z'), 'Europe/Berlin', events);
    expect(asText(days.slice(0, 4))).toEqual([
      '2026-07-09T16:00:00.000Z',
      '2026-07-06T16:00:00.000Z',
      // Half past midnight of Saturday in Berlin: Friday is left in.
      '2026-07-03T16:00:00.000Z',
      '2026-07-02T16:00:00.000Z',
    ]);
  });

  it('leave out a day of whose hours some lie on the next, on which an event ran in them', () => {
    const events = [{ startAt: at('2026-11-19T03:00:00Z'), endAt: at('2026-11-19T05:00:00Z') }];
    const daysOf = (hours: number) => asText(daysFor(at('2026-11-20T22:00:00Z'), 'UTC', events, hours).slice(0, 2));
    // Thursday is a day of an event. Wednesday's night reaches into it.
    expect(daysOf(8)).toEqual(['2026-11-17T22:00:00.000Z', '2026-11-16T22:00:00.000Z']);
    expect(daysOf(5)).toEqual(['2026-11-18T22:00:00.000Z', '2026-11-17T22:00:00.000Z']);
  });

  it('have the same time on the wall on both sides of a clock change', () => {
    const [friday] = daysFor(at('2026-03-30T16:00:00Z'), 'Europe/Berlin', []);
    expect(friday).toBe(at('2026-03-27T17:00:00Z'));
    expect(at('2026-03-30T16:00:00Z') - (friday ?? 0)).toBe(71 * HOUR_MS);
  });
});
