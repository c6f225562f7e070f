import { MINUTE_MS, SECOND_MS } from '../kernel/durations.ts';

/** One reading of one connector; instants are s or ms alike, as long as all are. */
export type LoadSample = { readonly connector: string; readonly at: number; readonly powerW: number };

/**
 * What a station draws: the latest sample of each connector, summed; one that is older than `freshFor` does not count.
 * Undefined where no connector has a fresh one: nothing is known, so nothing can be promised.
 */
export const presentLoadW = (samples: readonly LoadSample[], now: number, freshFor: number): number | undefined => {
  const latest = new Map<string, LoadSample>();
  for (const sample of samples) {
    const known = latest.get(sample.connector);
    if (known === undefined || sample.at >= known.at) latest.set(sample.connector, sample);
  }
  const fresh = [...latest.values()].filter(({ at }) => now - at <= freshFor);
  return fresh.length === 0 ? undefined : fresh.reduce((sum, { powerW }) => sum + powerW, 0);
};

/** Samples older than this when an event is dispatched do not tell what is drawn, ms. */
export const FRESH_SAMPLE_MS = 120_000;

/** The same where chargers are asked for samples so seldom that the latest is older most of the time: each may be a minute late. */
export const freshSampleMs = (meterIntervalSec: number): number =>
  Math.max(FRESH_SAMPLE_MS, meterIntervalSec * SECOND_MS + MINUTE_MS);
