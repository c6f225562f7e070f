import type { FleetScan } from '../../use-cases/ports/fleet-scan.ts';
import type { SegmentSweep } from '../../use-cases/ports/sweep/segment-sweep.ts';
import { sweepFleet } from '../../use-cases/sweep-fleet/sweep-fleet.ts';
import { type AnyPart, anyPart, type SweepPart } from '../../use-cases/sweep-fleet/sweep-part.ts';
import { sweepSegment } from '../../use-cases/sweep-fleet/sweep-segment.ts';
import { sweepLeaseInMemory } from '../fakes/sweep-lease.ts';

/** What is carried to another process and back. */
const carried = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** Segments swept as in processes of their own: what they are asked and what they tell passes as JSON. */
export const sweptApart =
  (sweep: SegmentSweep): SegmentSweep =>
  async (task) =>
    carried(await sweep(carried(task)));

/** A sweep with one part, over a fleet divided into segments. A run may come again, or beside another. Resolves to the part's figures. */
export const sweptPart =
  <Order, Report>(part: SweepPart<Order, Report>, scan: FleetScan, segments: number) =>
  async (now: number): Promise<unknown> => {
    const parts: Record<string, AnyPart> = { part: anyPart(part) };
    const sweep = sweptApart(sweepSegment(scan, parts));
    const { part: figures } = await sweepFleet(
      { sweep, lease: sweepLeaseInMemory(), clock: () => now },
      segments,
      parts,
    )(now);
    return figures;
  };
