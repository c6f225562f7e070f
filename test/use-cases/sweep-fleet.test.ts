import { describe, expect, it } from 'vitest';
import type { FleetScan } from '../../use-cases/ports/fleet-scan.ts';
import { sweepFleet } from '../../use-cases/sweep-fleet/sweep-fleet.ts';
import { connector, station } from '../domain/alerts/fixtures.ts';
import { sweepLeaseInMemory } from '../fakes/sweep-lease.ts';

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
  const scan = scanFailing(() => minute, failing);
  const run = sweepFleet({ scan, lease: sweepLeaseInMemory(), clock: () => minute }, 2, {
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
  });
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
  it('gives every part the whole fleet once a minute', async () => {
    const all = [1, 2, 3].flatMap((minute) => [`${minute} CS-0`, `${minute} CS-1`]);
    expect(await swept([])).toEqual({ whole: all, segments: all, outcomes: ['done', 'done', 'done'] });
  });

  it('leaves out the parts that need the whole fleet for a minute in which a segment cannot be read', async () => {
    expect(await swept([2])).toEqual({
      whole: ['1 CS-0', '1 CS-1', '3 CS-0', '3 CS-1'],
      segments: ['1 CS-0', '1 CS-1', '2 CS-0', '2 Throttled', '3 CS-0', '3 CS-1'],
      outcomes: ['done', '1 of 2 parts of the sweep failed', 'done'],
    });
  });

  it('never overlaps itself, and does nothing for a minute that was swept already', async () => {
    const runs: number[] = [];
    const gates = new Map<number, () => void>();
    const run = sweepFleet({ scan: scanFailing(() => 0, []), lease: sweepLeaseInMemory(), clock: () => 0 }, 1, {
      part: (_, now) => {
        runs.push(now);
        return new Promise<void>((resolve) => gates.set(now, resolve));
      },
    });
    const first = run(1);
    await expect.poll(() => gates.has(1)).toBe(true);
    expect([await run(1), await run(2)]).toEqual([{ skipped: true }, { skipped: true }]);
    gates.get(1)?.();
    await first;
    expect(await run(1)).toEqual({ skipped: true });
    const third = run(3);
    await expect.poll(() => gates.has(3)).toBe(true);
    gates.get(3)?.();
    await third;
    expect(runs).toEqual([1, 3]);
  });

  it('lets the next minute sweep after a run that failed', async () => {
    const runs: number[] = [];
    const run = sweepFleet({ scan: scanFailing(() => 0, []), lease: sweepLeaseInMemory(), clock: () => 0 }, 1, {
      part: async (_, now) => {
        runs.push(now);
        throw new Error('Throttled');
      },
    });
    await expect(run(1)).rejects.toThrow('1 of 1 parts');
    await expect(run(2)).rejects.toThrow('1 of 1 parts');
    expect(runs).toEqual([1, 2]);
  });
});
