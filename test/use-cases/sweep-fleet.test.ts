import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../use-cases/ports/fleet-scan.ts';
import type { SegmentSweep, SegmentTask } from '../../use-cases/ports/sweep/segment-sweep.ts';
import { readSegment } from '../../use-cases/sweep-fleet/read-segment.ts';
import { sweepFleet } from '../../use-cases/sweep-fleet/sweep-fleet.ts';
import { type AnyPart, anyPart } from '../../use-cases/sweep-fleet/sweep-part.ts';
import { sweepSegment, underLease } from '../../use-cases/sweep-fleet/sweep-segment.ts';
import { connector, station, stationState } from '../domain/alerts/fixtures.ts';
import { fleetScanInMemory, segmentIn } from '../fakes/fleet-scan.ts';
import { sweepLeaseInMemory } from '../fakes/sweep-lease.ts';
import { sweptApart } from '../support/swept.ts';

const ids = Array.from({ length: 12 }, (_, index) => `CS-${index}`);
const fleet: Fleet = {
  stations: ids.map((stationId) => ({ ...station({ state: stationState() }), stationId })),
  connectors: ids.flatMap((stationId) => [1, 2].map((evseId) => ({ ...connector(), stationId, evseId }))),
};
const pathOf = ({ stationId, evseId }: { stationId: string; evseId: number }) => `${stationId}#${evseId}`;
const everything = fleet.connectors.map(pathOf).sort();

/** A part that tells which connectors it saw in each segment, and concludes what was seen of the fleet. */
const seeing = (failing: (now: number) => boolean = () => false): AnyPart =>
  anyPart<null, readonly string[]>({
    begin: async () => ({
      orderFor: () => null,
      conclude: async (reports) => ({ seen: reports.flatMap((report) => report ?? 'nothing').sort() }),
    }),
    inSegment: async ({ connectors }, _, now) => {
      if (failing(now)) throw new Error('Throttled');
      return connectors.map(pathOf);
    },
  });

describe('a segment of the fleet', () => {
  it('has every station in one segment, with its connectors, however the tables are divided', async () => {
    for (const connectorSegmentOf of [undefined, (id: string) => id.length % 3, () => 2]) {
      const scan = fleetScanInMemory(() => fleet, { page: 2, ...(connectorSegmentOf && { connectorSegmentOf }) });
      const read = await Promise.all([0, 1, 2].map((index) => readSegment(scan, { index, total: 3 })));
      expect(read.flatMap(({ connectors }) => connectors.map(pathOf)).sort()).toEqual(everything);
      for (const { stations, connectors } of read)
        expect(new Set(connectors.map(({ stationId }) => stationId))).toEqual(
          new Set(stations.map(({ stationId }) => stationId)),
        );
    }
  });

  it('has the connectors of a station without an item where they are found', async () => {
    const orphaned = { stations: fleet.stations.slice(1), connectors: fleet.connectors };
    const read = await Promise.all(
      [0, 1].map((index) =>
        readSegment(
          fleetScanInMemory(() => orphaned),
          { index, total: 2 },
        ),
      ),
    );
    expect(read.flatMap(({ connectors }) => connectors.map(pathOf)).sort()).toEqual(everything);
  });
});

describe('a sweep of the fleet', () => {
  const swept = (total: number, parts: Record<string, AnyPart>, sweep: SegmentSweep) =>
    sweepFleet({ sweep, lease: sweepLeaseInMemory(), clock: () => 0 }, total, parts);

  it('gives every part each segment once, and lets it conclude from all of them', async () => {
    const parts = { one: seeing(), other: seeing() };
    const run = swept(
      3,
      parts,
      sweptApart(
        sweepSegment(
          fleetScanInMemory(() => fleet),
          parts,
        ),
      ),
    );
    expect(await run(1)).toEqual({ one: { seen: everything }, other: { seen: everything } });
  });

  it('goes on with all other segments and parts when one fails, and fails the run', async () => {
    const concluded: unknown[] = [];
    const watching = (part: AnyPart): AnyPart => ({
      ...part,
      begin: async (now, segments) => {
        const { orderFor, conclude } = await part.begin(now, segments);
        return {
          orderFor,
          conclude: async (reports) => {
            concluded.push(await conclude(reports));
            return {};
          },
        };
      },
    });
    const parts = { healthy: watching(seeing()), sick: watching(seeing(() => true)) };
    const scan = fleetScanInMemory(() => fleet, {
      check: (_, { index }) => {
        if (index === 1) throw new Error('Throttled');
      },
    });
    // Segment 1 could not be read, and one part failed in each of the two others.
    await expect(swept(3, parts, sweepSegment(scan, parts))(1)).rejects.toMatchObject({
      message: expect.stringContaining('Throttled'),
      errors: { length: 3 },
    });
    const inOthers = fleet.connectors.filter(({ stationId }) => segmentIn(stationId, 3) !== 1).map(pathOf);
    expect(concluded).toEqual([{ seen: [...inOthers, 'nothing'].sort() }, { seen: ['nothing', 'nothing', 'nothing'] }]);
  });

  it('never overlaps itself, and does nothing for a minute that was swept already', async () => {
    const runs: number[] = [];
    const gates = new Map<number, () => void>();
    const sweep: SegmentSweep = ({ scheduledAt }) => {
      runs.push(scheduledAt);
      return new Promise((resolve) => gates.set(scheduledAt, () => resolve({})));
    };
    const run = swept(1, {}, sweep);
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
    const parts = { part: seeing(() => true) };
    const run = swept(
      1,
      parts,
      sweepSegment(
        fleetScanInMemory(() => fleet),
        parts,
      ),
    );
    await expect(run(1)).rejects.toThrow('part failed');
    await expect(run(2)).rejects.toThrow('part failed');
  });
});

describe('a segment in a process of its own', () => {
  const task = (scheduledAt: number, index = 0): SegmentTask => ({
    segment: { index, total: 2 },
    scheduledAt,
    orders: { part: null },
  });

  it('is swept by one run at a time, beside other segments, and again after a run that died', async () => {
    const leases = new Map<string, ReturnType<typeof sweepLeaseInMemory>>();
    const leaseOf = (name: string) => {
      const lease = leases.get(name) ?? sweepLeaseInMemory();
      leases.set(name, lease);
      return lease;
    };
    let now = 0;
    const swept: string[] = [];
    const never = new Promise<never>(() => undefined);
    const dying: SegmentSweep = ({ segment, scheduledAt }) => {
      swept.push(`${scheduledAt} dies in ${segment.index}`);
      return never;
    };
    const working: SegmentSweep = async ({ segment, scheduledAt }) => {
      swept.push(`${scheduledAt} ends ${segment.index}`);
      return {};
    };
    void underLease(dying, leaseOf, () => now)(task(0));
    await expect.poll(() => swept.length).toBe(1);
    const run = underLease(working, leaseOf, () => now);
    await run(task(0, 1));
    now = 30_000;
    await expect(run(task(30_000))).rejects.toThrow('Segment 0 of 2 is taken');
    now = 60_000;
    await run(task(60_000));
    await expect(run(task(60_000))).rejects.toThrow('is taken');
    expect(swept).toEqual(['0 dies in 0', '0 ends 1', '60000 ends 0']);
  });
});
