import { type PackedReport, packedReport } from '../aws/segment-function.ts';
import type { SegmentSweep, SegmentTask } from '../use-cases/ports/sweep/segment-sweep.ts';
import { lambda } from './lambda.ts';

/** A Lambda that sweeps the segment of the fleet it is invoked with, and answers with its report. */
export const onSegment = (sweep: SegmentSweep) =>
  lambda('segment', async (task: SegmentTask): Promise<PackedReport> => packedReport(await sweep(task)));
