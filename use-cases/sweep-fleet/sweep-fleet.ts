import { failedTogether } from '../../async/failed-together.ts';
import type { SegmentReport, SegmentSweep } from '../ports/sweep/segment-sweep.ts';
import type { SweepLease } from '../ports/sweep/sweep-progress.ts';
import type { AnyPart } from './sweep-part.ts';
import { LEASE_MS } from './sweep-segment.ts';

export type SweepFleetPorts = {
  readonly sweep: SegmentSweep;
  readonly lease: SweepLease;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/** What a minute needs besides the fleet: work with no part in any segment. */
export type Chore = (now: number) => Promise<object>;

type Outcome = PromiseSettledResult<SegmentReport>;

/** What a part told of each segment; undefined where it failed, or the segment could not be swept at all. */
const reportsOf = (name: string, outcomes: readonly Outcome[]): readonly unknown[] =>
  outcomes.map((outcome) => {
    const told = outcome.status === 'fulfilled' ? outcome.value[name] : undefined;
    return told?.kind === 'done' ? told.report : undefined;
  });

const failuresIn = (outcomes: readonly Outcome[]): readonly unknown[] =>
  outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected'
      ? [outcome.reason]
      : Object.entries(outcome.value).flatMap(([name, told]) =>
          told.kind === 'failed' ? [new Error(`${name} failed in segment ${index}: ${told.reason}`)] : [],
        ),
  );

/** Does works side by side, whatever becomes of each other. */
const attemptAll = async <Value>(works: Readonly<Record<string, () => Promise<Value>>>) => {
  const names = Object.keys(works);
  const outcomes = await Promise.allSettled(Object.values(works).map(async (work) => work()));
  return {
    done: outcomes.flatMap((outcome, index) =>
      outcome.status === 'fulfilled' ? [[names[index] ?? '', outcome.value] as const] : [],
    ),
    failures: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
};

const mapped = <From, To>(of: Readonly<Record<string, From>>, to: (from: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value)]));

/**
 * The minute sweep: has every segment of the fleet swept, side by side, and lets every part conclude from what the segments
 * told. A part that fails, or a segment that cannot be swept, fails the run after all else has been done; the next minute does
 * its work. A run that comes while another is at work, or after a later one, does nothing.
 */
export const sweepFleet = (
  { sweep, lease, clock }: SweepFleetPorts,
  total: number,
  parts: Readonly<Record<string, AnyPart>>,
  chores: Readonly<Record<string, Chore>> = {},
) => {
  const sweepOnce = async (now: number): Promise<Readonly<Record<string, unknown>>> => {
    const beside = attemptAll(mapped(chores, (chore) => () => chore(now)));
    const begun = await attemptAll(mapped(parts, (part) => () => part.begin(now, total)));
    const outcomes = await Promise.allSettled(
      Array.from({ length: total }, async (_, index) => {
        const orders = Object.fromEntries(begun.done.map(([name, { orderFor }]) => [name, orderFor(index)]));
        return sweep({ segment: { index, total }, scheduledAt: now, orders });
      }),
    );
    const concluded = await attemptAll(
      Object.fromEntries(begun.done.map(([name, run]) => [name, () => run.conclude(reportsOf(name, outcomes))])),
    );
    const alone = await beside;
    const failures = [...alone.failures, ...begun.failures, ...failuresIn(outcomes), ...concluded.failures];
    if (failures.length > 0) throw failedTogether('The sweep failed in part', failures);
    return Object.fromEntries([...alone.done, ...concluded.done]);
  };

  return async (scheduledAt: number): Promise<Readonly<Record<string, unknown>>> => {
    const now = clock();
    if (!(await lease.take({ scheduledAt, now, untilAt: now + LEASE_MS }))) return { skipped: true };
    try {
      return await sweepOnce(scheduledAt);
    } finally {
      await lease.release(scheduledAt);
    }
  };
};
