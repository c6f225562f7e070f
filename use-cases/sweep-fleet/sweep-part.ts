import type { FleetReading } from './read-segment.ts';

/** A part of the sweep for one minute. */
export type PartRun<Order, Report> = {
  /** What a segment is asked for, besides being swept: plain data. */
  readonly orderFor: (segment: number) => Order;
  /**
   * What follows from all segments together; `undefined` stands for one that gave no report: nothing may be concluded from what
   * was not seen. Resolves to figures for the log; throws when something is left that fails the run.
   */
  readonly conclude: (reports: readonly (Report | undefined)[]) => Promise<object>;
};

/** A part of the sweep: what is done in every segment, side by side, and what follows from all of them. */
export type SweepPart<Order, Report> = {
  /** `now` is the scheduled minute, ms. */
  readonly begin: (now: number, segments: number) => Promise<PartRun<Order, Report>>;
  /** Resolves to plain data. */
  readonly inSegment: (fleet: FleetReading, order: Order, now: number) => Promise<Report>;
};

/** A part whose orders and reports only itself looks into. They come back as they were given, though maybe as JSON. */
export type AnyPart = SweepPart<unknown, unknown>;

/** Hides what a part sends itself from the sweep, which only carries it. */
export const anyPart = <Order, Report>({ begin, inSegment }: SweepPart<Order, Report>): AnyPart => ({
  begin: async (now, segments) => {
    const { orderFor, conclude } = await begin(now, segments);
    return { orderFor, conclude: (reports) => conclude(reports as readonly (Report | undefined)[]) };
  },
  inSegment: (fleet, order, now) => inSegment(fleet, order as Order, now),
});
