import { energyAt, energyByQuarter } from '../session/curve.ts';
import type { ActiveSession } from '../session/session.ts';

/**
 * Mean power over the last `windowMs` of metered time, W, from the difference of the register: one odd sample weighs nothing.
 * Undefined until the session has been metered for that long.
 */
export const meanPowerW = ({ curve }: ActiveSession, windowMs: number): number | undefined => {
  const last = curve.at(-1);
  const windowSec = windowMs / 1000;
  if (!last || last[0] < windowSec) return undefined;
  return ((last[1] - energyAt(curve, last[0] - windowSec)) * 3600) / windowSec;
};

/** Readings further apart than this blur what happened between them: a drop looks like a slope. */
const FINE_SAMPLING_MS = 300_000;
/** A quarter-hour lies on the slope when it is clearly below the best one and clearly above the last one. */
const BELOW_BEST = 0.9;
const ABOVE_LAST = 2;

/**
 * Whether the session came down gradually, as a battery does that becomes full: over several quarters of an hour, where a drop
 * leaves its mark in one. Only whole quarters are compared, and only of sessions that are sampled finely enough to tell.
 */
export const hasTapered = ({ curve, startedAt, sampleIntervalMs }: ActiveSession): boolean => {
  if (sampleIntervalMs === undefined || sampleIntervalMs > FINE_SAMPLING_MS) return false;
  const quartersWh = energyByQuarter(curve, startedAt)
    .slice(1, -1)
    .map(({ energyWh }) => energyWh);
  const lastWh = quartersWh.at(-1) ?? 0;
  const bestWh = Math.max(0, ...quartersWh);
  const after = quartersWh.slice(quartersWh.lastIndexOf(bestWh) + 1);
  return after.filter((wh) => wh < bestWh * BELOW_BEST && wh > lastWh * ABOVE_LAST).length > 1;
};
