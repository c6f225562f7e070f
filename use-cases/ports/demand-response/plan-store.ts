import type { PlannedStation, ZonePlan } from '../../../domain/demand-response/zone-plan.ts';

/** So many stations of a plan are kept, and sent their caps, together. */
export const STATIONS_PER_CHUNK = 250;

/** A part of the stations of one revision of a plan. */
export type PlanChunk = { readonly zoneId: string; readonly rev: number; readonly index: number };

/** Plans of zones (table grid): a guarded head, and chunks of stations that belong to one revision. */
export type PlanStore = {
  /** The plan as it is now (a consistent read); the empty one for a zone that never had a signal. */
  readonly load: (zoneId: string) => Promise<ZonePlan>;
  /** The plan without its stations, and those of one chunk; undefined when the plan has another revision by now. */
  readonly loadChunk: (
    chunk: PlanChunk,
  ) => Promise<{ readonly plan: ZonePlan; readonly stations: readonly PlannedStation[] } | undefined>;
  /** Writes a plan if the revision that was read is still there: all of it or nothing of it can be seen. */
  readonly commit: (plan: ZonePlan, readRev: number) => Promise<'committed' | 'conflict'>;
  /** Keeps how the stations of a chunk took what they were sent. */
  readonly saveChunk: (chunk: PlanChunk, stations: readonly PlannedStation[]) => Promise<void>;
};
