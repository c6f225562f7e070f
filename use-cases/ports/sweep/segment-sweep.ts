import type { Segment } from '../fleet-scan.ts';

/** What a segment of the fleet is swept for: plain data, which may be sent elsewhere. */
export type SegmentTask = {
  readonly segment: Segment;
  /** The scheduled minute, ms. */
  readonly scheduledAt: number;
  /** What each part of the sweep wants of the segment, by the name of the part. */
  readonly orders: Readonly<Record<string, unknown>>;
};

/** What a part of the sweep came to in a segment: its report, or why there is none. */
export type PartOutcome =
  | { readonly kind: 'done'; readonly report: unknown }
  | { readonly kind: 'failed'; readonly reason: string };

/** By the name of the part: plain data. */
export type SegmentReport = Readonly<Record<string, PartOutcome>>;

/** Sweeps one segment, here or in a process of its own. Rejects when the segment could not be read. */
export type SegmentSweep = (task: SegmentTask) => Promise<SegmentReport>;
