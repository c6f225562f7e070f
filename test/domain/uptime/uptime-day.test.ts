import { describe, expect, it } from 'vitest';
import { uptimeDay } from '../../../domain/uptime/uptime-day.ts';
import { knowsMore } from '../../../domain/uptime/uptime-row.ts';

const HOUR = 3_600_000;

describe('a connector’s day', () => {
  it('has minutes per status, service and exclusion reason, and leaves closed hours out of all of them', () => {
    expect(
      uptimeDay({
        startAt: 0,
        endAt: 25 * HOUR,
        intervals: [
          { fromAt: 0, toAt: 10 * HOUR, status: 'available' },
          { fromAt: 10 * HOUR, toAt: 14 * HOUR, status: 'faulted' },
          { fromAt: 14 * HOUR, toAt: 16 * HOUR, status: 'offline' },
          { fromAt: 16 * HOUR, toAt: 25 * HOUR, status: 'charging' },
        ],
        exclusions: [
          { reason: 'vandalism', fromAt: 12 * HOUR, toAt: 15 * HOUR },
          { reason: 'scheduledMaintenance', fromAt: 13 * HOUR, toAt: 15 * HOUR },
          { reason: 'closedHours', fromAt: 24 * HOUR, toAt: 30 * HOUR },
        ],
      }),
    ).toEqual({
      minutes: 1500,
      closedMin: 60,
      upMin: 18 * 60,
      downMin: 240,
      unknownMin: 120,
      excludedDownMin: 120,
      excludedUnknownMin: 60,
      'minutes.available': 600,
      'minutes.faulted': 240,
      'minutes.offline': 120,
      'minutes.charging': 480,
      'excludedMin.vandalism': 180,
    });
  });

  it('is unknown where nothing is known', () => {
    expect(uptimeDay({ startAt: 0, endAt: HOUR, intervals: [], exclusions: [] })).toMatchObject({
      minutes: 60,
      unknownMin: 60,
      upMin: 0,
    });
  });
});

describe('a day on record', () => {
  const day = (of: Partial<Parameters<typeof uptimeDay>[0]>) =>
    uptimeDay({
      ...{ startAt: 0, endAt: 24 * HOUR, exclusions: [] },
      intervals: [{ fromAt: 0, toAt: 24 * HOUR, status: 'available' }],
      ...of,
    });
  const stored = day({});
  const night = [{ reason: 'closedHours', fromAt: 20 * HOUR, toAt: 24 * HOUR }] as const;

  it.each([
    ['nothing is told of it any more', day({ intervals: [] }), true],
    [
      'its morning is told no more',
      day({ intervals: [{ fromAt: 12 * HOUR, toAt: 24 * HOUR, status: 'charging' }] }),
      true,
    ],
    ['a fault was told late', day({ intervals: [{ fromAt: 0, toAt: 24 * HOUR, status: 'faulted' }] }), false],
    ['it was out of reach', day({ intervals: [{ fromAt: 0, toAt: 24 * HOUR, status: 'offline' }] }), false],
    ['the station was commissioned at noon', day({ startAt: 12 * HOUR }), false],
    ['it was closed at night', day({ exclusions: night }), false],
  ])('knows more than the one computed anew where %s: %#', (_, fresh, expected) => {
    expect(knowsMore(stored, fresh)).toBe(expected);
  });

  it('does not where it was shorter, or closed in a time of which nothing is known', () => {
    const evening = [{ fromAt: 12 * HOUR, toAt: 20 * HOUR, status: 'available' }] as const;
    const whole = day({ intervals: evening });
    expect(knowsMore(day({ startAt: 12 * HOUR, intervals: evening }), whole)).toBe(false);
    expect(knowsMore(day({ intervals: evening, exclusions: night }), whole)).toBe(false);
  });
});
