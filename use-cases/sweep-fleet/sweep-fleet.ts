import type { FleetScan } from '../ports/fleet-scan.ts';
import { type FleetReading, readFleet } from './read-fleet.ts';

/** A part of the sweep; `now` is the scheduled minute, ms. */
export type SweepPart = (fleet: FleetReading, now: number) => Promise<unknown>;

/**
 * The minute sweep: reads the fleet once and hands it to every part. A part that fails, or lacks a segment it needs, fails the
 * run after all others have been done; the next minute does its work.
 */
export const sweepFleet =
  (scan: FleetScan, segments: number, parts: Readonly<Record<string, SweepPart>>) =>
  async (now: number): Promise<Record<string, unknown>> => {
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
