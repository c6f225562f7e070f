import { random } from './random.ts';

/** A building beside chargers, and the solar plant on its roof. */
export type Building = {
  readonly seed: string;
  /** What it draws at night, W. */
  readonly baseW: number;
  /** What it draws at the height of a day, W. */
  readonly peakW: number;
  /** What its plant gives under a clear sky at noon, W. */
  readonly solarW: number;
};

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** How far noise goes, as a share: of the building, and of a cloud before the sun. */
const NOISE = 0.08;
const CLOUDS = 0.6;

/** Noise from -1 to 1 that changes smoothly within `everyMs`; the same at the same instant, whoever asks. */
const noise = (seed: string, at: number, everyMs: number): number => {
  const slot = Math.floor(at / everyMs);
  const value = (index: number): number => random(`${seed} ${index}`).between(-1, 1);
  const share = at / everyMs - slot;
  return value(slot) * (1 - share) + value(slot + 1) * share;
};

/** How far a day has risen, 0 to 1, between two hours; highest in the middle. */
const risen = (hour: number, from: number, to: number): number =>
  hour <= from || hour >= to ? 0 : Math.sin((Math.PI * (hour - from)) / (to - from));

/**
 * What a building draws from the grid without its chargers, W: more by day than by night, with noise, less what its solar plant
 * gives, which clouds take away; negative while there is more sun than it needs. A function of the instant alone (ms, hours in
 * UTC), so that a simulated day can be repeated.
 */
export const siteLoadW = ({ seed, baseW, peakW, solarW }: Building, at: number): number => {
  const hour = (at / HOUR_MS) % DAY_HOURS;
  const drawnW = (baseW + (peakW - baseW) * risen(hour, 6, 21)) * (1 + NOISE * noise(`${seed} load`, at, 60_000));
  const clear = 1 - CLOUDS * Math.max(0, noise(`${seed} sky`, at, 10 * 60_000));
  return Math.round(drawnW - solarW * risen(hour, 6, 20) * clear);
};
