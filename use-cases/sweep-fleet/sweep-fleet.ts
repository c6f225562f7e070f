import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { FleetScan } from '../ports/fleet-scan.ts';
import type { SweepLease } from '../ports/sweep-progress.ts';
import { type FleetReading, readFleet } from './read-fleet.ts';

/** A part of the sweep; `now` is the scheduled minute, ms. */
export type SweepPart = (fleet: FleetReading, now: number) => Promise<unknown>;

export type SweepFleetPorts = {
  readonly scan: FleetScan;
  readonly lease: SweepLease;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/** Longer than a run can last, shorter than to the next one. */
const LEASE_MS = 58 * SECOND_MS;

/** Reads the fleet once and hands it to every part. Throws after all parts have been done when one of them failed. */
const sweepOnce =
  (scan: FleetScan, segments: number, parts: Readonly<Record<string, SweepPart>>) =>
  async (now: number): Promise<Readonly<Record<string, unknown>>> => {
    const fleet = await readFleet(scan, segments);
    const names = Object.keys(parts);
    const outcomes = await Promise.allSettled(Object.values(parts).map(async (part) => part(fleet, now)));
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${names.length} parts of the sweep failed`);
    return Object.fromEntries(
      outcomes.map((outcome, index) => [names[index], outcome.status === 'fulfilled' ? outcome.value : undefined]),
    );
  };

/**
 * The minute sweep: reads the fleet once and hands it to every part. A part that fails, or lacks a segment it needs, fails the
 * run after all others have been done; the next minute does its work. A run that comes while another is at work, or after
 * a later one, does nothing.
 */
export const sweepFleet = (
  { scan, lease, clock }: SweepFleetPorts,
  segments: number,
  parts: Readonly<Record<string, SweepPart>>,
) => {
  const sweep = sweepOnce(scan, segments, parts);
  return async (scheduledAt: number): Promise<Readonly<Record<string, unknown>>> => {
    const now = clock();
    if (!(await lease.take({ scheduledAt, now, untilAt: now + LEASE_MS }))) return { skipped: true };
    try {
      return await sweep(scheduledAt);
    } finally {
      await lease.release(scheduledAt);
    }
  };
};
