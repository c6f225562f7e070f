import { parentPort } from 'node:worker_threads';
import { hindsightOptimumWh } from './hindsight-optimum-wh.ts';
import { type DayFigures, liveDay } from './live-day.ts';
import { plannedFaults } from './planned-faults.ts';
import { byFormula, equalSplit, streamingRecipe, uncontrolled } from './rival-readers.ts';
import { type DayOptions, type SimulatedSite, simulatedSites } from './simulated-site.ts';
import type { ReaderOf } from './virtual-stack.ts';

/**
 * 'controlled': drivers tell when they leave and what they want, and who has least time to spare is filled first. The next
 * three differ from it by what they say.
 */
export type Variant =
  | 'controlled'
  | 'equal shares'
  | 'modest cars'
  | 'with faults'
  | 'uncontrolled'
  | 'equal split'
  | 'streaming recipe';

/** Some sites to live through a day, by their numbers. Crosses to a worker thread. */
export type GroupTask = {
  readonly variant: Variant;
  readonly seed: string;
  readonly hours: number;
  readonly sites: readonly number[];
};

export type GroupResult = {
  readonly variant: Variant;
  readonly sites: number;
  readonly figures: DayFigures;
  readonly optimumWh: number;
};

const HOUR_MS = 3_600_000;
const LOOK_MS = 5_000;
const DAY_FROM = Date.UTC(2026, 5, 3);
/** A part of a day begins with its busy hours. */
const BUSY_HOUR = 10;

const readers: Partial<Record<Variant, ReaderOf>> = {
  uncontrolled,
  'equal split': byFormula(equalSplit),
  'streaming recipe': byFormula(streamingRecipe),
};

/** Lives through a day, or a part of it, at some sites. */
export const runGroup = async ({ variant, seed, hours, sites: numbers }: GroupTask): Promise<GroupResult> => {
  const startAt = hours < 24 ? DAY_FROM + BUSY_HOUR * HOUR_MS : DAY_FROM;
  const appetite = variant === 'modest cars' ? 'modest' : 'full';
  const options: DayOptions = { seed, dayFrom: DAY_FROM, startAt, durationMs: hours * HOUR_MS, appetite };
  const all = simulatedSites(Math.max(...numbers) + 1, options);
  const reader = readers[variant];
  const strategy = variant === 'equal shares' ? 'equal' : 'least-laxity-first';
  const sites = numbers
    .flatMap((number) => all[number] ?? [])
    .map((site): SimulatedSite => ({ ...site, configuration: { ...site.configuration, strategy } }));
  const faults = variant === 'with faults' ? plannedFaults(sites, options) : [];
  const day = liveDay({ ...options, sites, faults, lookMs: LOOK_MS, ...(reader && { reader }) });
  await day.fleet.pass(options.durationMs);
  const optimumWh = sites.reduce((sum, site) => sum + hindsightOptimumWh(site, startAt, options.durationMs), 0);
  return { variant, sites: sites.length, figures: day.figures(), optimumWh };
};

// In a worker thread: one group after another, so that modules are read and compiled once.
parentPort?.on('message', async (task: GroupTask) => parentPort?.postMessage(await runGroup(task)));
