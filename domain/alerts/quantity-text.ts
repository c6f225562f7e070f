import { MINUTE_MS } from '../kernel/durations.ts';

/** Power as people read it in a summary: to the watt, so that the text can be held against the figures beside it. */
export const powerText = (powerW: number): string =>
  Math.abs(powerW) < 1000 ? `${Math.round(powerW)} W` : `${Math.round(powerW) / 1000} kW`;

/** Power in kW, for figures that are held against each other; to the watt. */
export const kilowatts = (powerW: number): string => `${Math.round(powerW) / 1000} kW`;

/** A duration as people read it, to the minute. */
export const durationText = (durationMs: number): string => `${Math.round(durationMs / MINUTE_MS)} min`;
