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

/**
 * A sweep with one part, over a fleet divided into segments. A run may come again, or beside another. Resolves to the part's
 * figures. `elsewhere`: the same part as another process has it, which sweeps the segments.
 */
export const sweptPart =
  <Order, Report>(part: SweepPart<Order, Report>, scan: FleetScan, segments: number, elsewhere = part) =>
  async (now: number): Promise<unknown> => {
    const partsOf = (one: SweepPart<Order, Report>): Record<string, AnyPart> => ({ part: anyPart(one) });
    const sweep = sweptApart(sweepSegment(scan, partsOf(elsewhere)));
    const { part: figures } = await sweepFleet(
      { sweep, lease: sweepLeaseInMemory(), clock: () => now },
      segments,
      partsOf(part),
    )(now);
    return figures;
  };
