import { describe, expect, it } from 'vitest';
import { dayStart, hourOfDay, monthOf } from '../../../sim/world/local-clock.ts';

const at = (text: string): number => Date.parse(text);

describe('the clock the judge has of a zone', () => {
  it.each([
    ['Europe/London', '2026-03-29T12:00:00Z', '2026-03-29T00:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T22:59:59Z', '2026-10-24T22:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-01T12:00:00Z', '2026-11-01T07:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-02T07:59:59.999Z', '2026-11-01T07:00:00.000Z'],
  ])('begins the day of %s in which %s lies at %s', (zone, instant, start) => {
    expect(new Date(dayStart(zone, at(instant))).toISOString()).toBe(start);
  });

  it('shows the hour and the month of the zone', () => {
    expect(hourOfDay('America/Chicago', at('2026-07-01T04:30:00Z'))).toBe(23);
    expect(monthOf('America/Chicago', at('2026-07-01T04:30:00Z'))).toBe('2026-06');
    expect(hourOfDay('Europe/Berlin', at('2026-10-25T01:30:00Z'))).toBe(2);
  });
});
