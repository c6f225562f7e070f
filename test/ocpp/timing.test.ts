import { describe, expect, it } from 'vitest';
import { parseInstant, timingOf } from '../../ocpp/timing.ts';
import { collectWarnings } from '../../ocpp/warning.ts';
import { now } from './gateway.ts';

const elevenUtc = Date.UTC(2026, 10, 20, 11);

describe('an instant', () => {
  it.each([
    '2026-11-20T11:00:00Z',
    '2026-11-20T11:00:00.000Z',
    '2026-11-20T11:00:00.0000000Z',
    '2026-11-20T12:00:00+01:00',
    '2026-11-20T12:00:00+0100',
    '2026-11-20T12:00:00+01',
    '2026-11-20T05:30:00-05:30',
    '2026-11-20T11:00:00+00:00',
    '2026-11-20t11:00:00z',
    ' 2026-11-20 11:00:00 Z',
    '2026-11-20T11:00Z',
    '20261120T110000Z',
    '20261120T1200+0100',
    '2026-11-20T10:59:60Z',
    '2026-11-21T01:00:00+14:00',
  ])("%j is eleven o'clock", (text) => {
    expect(parseInstant(text)).toEqual({ at: elevenUtc, zoned: true });
  });

  it('keeps milliseconds and takes the first three digits of a longer fraction', () => {
    expect(parseInstant('2026-11-20T11:00:00.1239999Z')?.at).toBe(elevenUtc + 123);
    expect(parseInstant('2026-11-20T11:00:00,5Z')?.at).toBe(elevenUtc + 500);
  });

  it('may be the leap second or the end of a day, which are the first instant of the next', () => {
    const newYear = { at: Date.UTC(2027, 0, 1), zoned: true };
    expect(['2026-12-31T23:59:60Z', '2026-12-31T24:00:00Z', '2027-01-01T00:00:00Z'].map(parseInstant)).toEqual([
      newYear,
      newYear,
      newYear,
    ]);
  });

  it('may lie in the first century, where clocks that were never set begin to count', () => {
    expect(parseInstant('0001-01-01T00:00:00Z')).toEqual({ at: Date.parse('0001-01-01T00:00:00Z'), zoned: true });
  });

  it.each([
    '',
    'soon',
    '(not shown)',
    '20.11.2026 11:00',
    '2026-11-20',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-20T25:00:00Z',
    '2026-11-20T11:61:00Z',
    '2026-11-20T11:00:61Z',
    '2026-11-20T24:00:01Z',
    '2026-11-20T11:00:00+14:01',
    '2026-11-20T11:00:00+99:00',
    '2026-11-20T11:00:00+01:60',
    '202611-20T11:00:00Z',
    '20224-11-20T11:00:00Z',
    '1732100000',
    '2026-11-20T11:00:00 Uhr',
  ])('%j is none', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

const timing = (stamp: string | undefined) => {
  const { warn, warnings } = collectWarnings();
  const { receivedAt, ...rest } = timingOf(stamp, now, warn, '/timestamp');
  return { ...rest, codes: warnings.map(({ code }) => code) };
};

describe('the time of an event', () => {
  it("is the charger's stamp, however old: an offline queue is history", () => {
    expect(timing('2012-01-01T00:00:00Z')).toEqual({ at: Date.UTC(2012, 0, 1), clock: 'charger', codes: [] });
  });

  it('may run up to five minutes ahead', () => {
    expect(timing('2026-11-20T12:05:00Z')).toEqual({ at: now + 300_000, clock: 'charger', codes: [] });
    expect(timing('2026-11-20T12:05:00.001Z')).toEqual({
      at: now,
      stampedAt: now + 300_001,
      clock: 'receiver',
      codes: ['timestamp-in-future'],
    });
  });

  it('is the receive time where the clock was never set', () => {
    expect(timing('1970-01-01T00:00:07Z')).toEqual({
      at: now,
      stampedAt: 7000,
      clock: 'receiver',
      codes: ['timestamp-before-2010'],
    });
    expect(timing('2000-01-01T00:00:00Z').codes).toEqual(['timestamp-before-2010']);
  });

  it('is the receive time where there is no stamp or none that can be read', () => {
    expect(timing(undefined)).toEqual({ at: now, clock: 'receiver', codes: ['timestamp-missing'] });
    expect(timing('null')).toEqual({ at: now, clock: 'receiver', codes: ['timestamp-unreadable'] });
  });

  it('without a zone is UTC', () => {
    expect(timing('2026-11-20T11:00:00')).toEqual({
      at: elevenUtc,
      clock: 'charger',
      codes: ['timestamp-without-zone'],
    });
  });
});
