import { describe, expect, it } from 'vitest';
import { uptimeDay } from '../../../domain/uptime/uptime-day.ts';

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
