import { setTimeout } from 'node:timers/promises';
import type { System } from '../async/system.ts';

/** The clock, the timers and the chance of this machine: the one place of the deployed code that reads them. */
export const system: System = {
  clock: Date.now,
  sleep: (durationMs, signal) => setTimeout(durationMs, undefined, { ...(signal && { signal }) }),
  random: Math.random,
};
