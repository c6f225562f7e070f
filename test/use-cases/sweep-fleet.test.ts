import { describe, expect, it } from 'vitest';
import type { FleetScan } from '../../use-cases/ports/fleet-scan.ts';
import { sweepFleet } from '../../use-cases/sweep-fleet/sweep-fleet.ts';
import { connector, station } from '../domain/alerts/fixtures.ts';

/** Two segments with a station each; the second cannot be read in the minutes named. */
const scanFailing = (now: () => number, failing: readonly number[]): FleetScan => ({
  stations: async function* ({ index }) {
    yield { items: [{ ...station(), stationId: `CS-${index}` }], readUnits: 0.5 };
  },
  connectors: async function* ({ index }) {
    if (index === 1 && failing.includes(now())) throw new Error('Throttled');
    yield { items: [{ ...connector(), stationId: `CS-${index}` }], readUnits: 0.5 };
  },
});

/** Sweeps minutes 1 to 3, and tells what each part saw: of the whole fleet, and segment by segment. */
const swept = async (failing: readonly number[]) => {
  let minute = 0;
  const whole: string[] = [];
  const segments: string[] = [];
  const outcomes: string[] = [];
  const run = sweepFleet(
    scanFailing(() => minute, failing),
    2,
    {
      whole: async (fleet, now) => {
        for (const { stationId } of fleet.whole().connectors) whole.push(`${now} ${stationId}`);
      },
      segments: async ({ again }, now) => {
        for (const index of [0, 1])
          try {
            for await (const { items } of again.connectors({ index, total: 2 }))
              segments.push(...items.map(({ stationId }) => `${now} ${stationId}`));
          } catch (error) {
            segments.push(`${now} ${error instanceof Error ? error.message : String(error)}`);
          }
      },
    },
  );
  for (minute = 1; minute <= 3; minute += 1)
    outcomes.push(
      await run(minute).then(
        () => 'done',
        (error: Error) => error.message,
      ),
    );
  return { whole, segments, outcomes };
};

describe('a sweep of the fleet', () => {
  it('shows every part the whole fleet once a minute', async () => {
    const all = [1, 2, 3].flatMap((minute) => [`${minute} CS-0`, `${minute} CS-1`]);
    expect(await swept([])).toEqual({ whole: all, segments: all, outcomes: ['done', 'done', 'done'] });
  });

  it('is only delayed by a segment that cannot be read, for those who need it alone', async () => {
    expect(await swept([2])).toEqual({
      whole: ['1 CS-0', '1 CS-1', '3 CS-0', '3 CS-1'],
      segments: ['1 CS-0', '1 CS-1', '2 CS-0', '2 Throttled', '3 CS-0', '3 CS-1'],
      outcomes: ['done', '1 of 2 parts of the sweep failed', 'done'],
    });
  });
});
