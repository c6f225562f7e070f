import type { FleetScan } from '../ports/fleet-scan.ts';
import type { PartOutcome, SegmentReport, SegmentSweep } from '../ports/sweep/segment-sweep.ts';
import type { SweepLease } from '../ports/sweep/sweep-progress.ts';
import { readSegment } from './read-segment.ts';
import type { AnyPart } from './sweep-part.ts';

/** Longer than a run can last, shorter than to the next one. */
export const LEASE_MS = 58_000;

/** A segment is being swept, or was swept for this minute or a later one. */
export class SegmentTaken extends Error {
  override readonly name = 'SegmentTaken';
}

/** Reads a segment once, and hands it to every part that has an order for it; one that fails keeps no other from being done. */
export const sweepSegment =
  (scan: FleetScan, parts: Readonly<Record<string, AnyPart>>): SegmentSweep =>
  async ({ segment, scheduledAt, orders }) => {
    const fleet = await readSegment(scan, segment);
    const outcome = async (name: string, part: AnyPart): Promise<readonly [string, PartOutcome]> => {
      try {
        return [name, { kind: 'done', report: await part.inSegment(fleet, orders[name], scheduledAt) }];
      } catch (error) {
        return [name, { kind: 'failed', reason: String(error) }];
      }
    };
    const ordered = Object.entries(parts).filter(([name]) => name in orders);
    const outcomes = await Promise.all(ordered.map(([name, part]) => outcome(name, part)));
    return Object.fromEntries(outcomes) satisfies SegmentReport;
  };

/**
 * Sweeps a segment for whoever holds its lease: in a process of its own, a run whose caller gave up may still be at work when
 * the next minute's begins. Throws SegmentTaken then.
 */
export const underLease =
  (sweep: SegmentSweep, lease: (segment: string) => SweepLease, clock: () => number): SegmentSweep =>
  async (task) => {
    const { segment, scheduledAt } = task;
    const own = lease(`${segment.index}/${segment.total}`);
    const now = clock();
    if (!(await own.take({ scheduledAt, now, untilAt: now + LEASE_MS })))
      throw new SegmentTaken(`Segment ${segment.index} of ${segment.total} is taken`);
    try {
      return await sweep(task);
    } finally {
      await own.release(scheduledAt);
    }
  };
