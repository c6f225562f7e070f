import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availability } from '../../../domain/availability/availability.ts';
import { type StatusMark, statusIntervals } from '../../../domain/availability/status-intervals.ts';
import { connectorStatuses } from '../../../domain/kernel/connector-status.ts';

const FIVE_MIN = 300_000;
const over = (...connectors: StatusMark[][]) =>
  availability({
    fromAt: 0,
    toAt: FIVE_MIN,
    connectors: connectors.map((marks) => statusIntervals(marks, 0, FIVE_MIN)),
  });

describe('status intervals', () => {
  it('carry the last status forward and are unknown before the first', () => {
    expect(
      statusIntervals(
        [
          { at: 100, status: 'available' },
          { at: 200, status: 'charging' },
          { at: 250, status: 'charging' },
        ],
        50,
        400,
      ),
    ).toEqual([
      { fromAt: 50, toAt: 100, status: 'unknown' },
      { fromAt: 100, toAt: 200, status: 'available' },
      { fromAt: 200, toAt: 400, status: 'charging' },
    ]);
  });

  it('stay offline through what was reported later about that time', () => {
    expect(
      statusIntervals(
        [
          { at: 0, status: 'offline' },
          { at: 100, status: 'available', backfilled: true },
          { at: 200, status: 'charging' },
          { at: 250, status: 'available', backfilled: true },
        ],
        0,
        300,
      ),
    ).toEqual([
      { fromAt: 0, toAt: 200, status: 'offline' },
      { fromAt: 200, toAt: 250, status: 'charging' },
      { fromAt: 250, toAt: 300, status: 'available' },
    ]);
  });

  it('tile any stretch', () => {
    const marks = fc.array(
      fc.record({ at: fc.integer({ min: -50, max: 150 }), status: fc.constantFrom(...connectorStatuses) }),
    );
    fc.assert(
      fc.property(marks, (given) => {
        const intervals = statusIntervals(
          given.sort((a, b) => a.at - b.at),
          0,
          100,
        );
        expect([intervals[0]?.fromAt, intervals.at(-1)?.toAt]).toEqual([0, 100]);
        for (const [index, interval] of intervals.slice(1).entries())
          expect(interval.fromAt).toBe(intervals[index]?.toAt);
      }),
    );
  });
});

describe('availability of the network', () => {
  it('weighs time, not events: a connector that flaps counts no more than one that is quiet', () => {
    const flapping = Array.from({ length: 100 }, (_, index) => ({
      at: index * 100,
      status: index % 2 === 0 ? ('faulted' as const) : ('available' as const),
    }));
    // 5 s faulted in 100 flaps, then available; the other connector is available since long ago.
    expect(over(flapping, [{ at: -1e9, status: 'available' }])).toEqual({
      connectors: 2,
      availablePercent: (100 * 595) / 600,
      upSec: 595,
      downSec: 5,
      unknownSec: 0,
      'seconds.available': 595,
      'seconds.faulted': 5,
      'connectors.available': 2,
    });
  });

  it('has every registered connector in the denominator, also one nobody has heard of', () => {
    expect(over([{ at: -1, status: 'charging' }], [])).toMatchObject({
      connectors: 2,
      availablePercent: 50,
      unknownSec: 300,
    });
  });

  it('does not show what is offline as available', () => {
    expect(
      over([
        { at: -2, status: 'available' },
        { at: -1, status: 'offline' },
      ]),
    ).toMatchObject({ availablePercent: 0, 'connectors.offline': 1 });
  });

  it('counts use as service: suspended, preparing, finishing, reserved', () => {
    const inUse = [
      'occupied',
      'preparing',
      'charging',
      'suspendedEV',
      'suspendedEVSE',
      'finishing',
      'reserved',
    ] as const;
    expect(over(...inUse.map((status) => [{ at: -1, status }]))).toMatchObject({ availablePercent: 100, downSec: 0 });
  });

  it('does not count unavailable and faulted as service', () => {
    expect(over([{ at: -1, status: 'unavailable' }], [{ at: -1, status: 'faulted' }])).toMatchObject({
      availablePercent: 0,
      downSec: 600,
    });
  });
});
