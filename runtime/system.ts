import type { System } from '../async/system.ts';

/** The clock, the timers and the chance of this machine: the one place of the deployed code that reads them. */
export const system: System = {
  clock: Date.now,
  sleep: (durationMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return;
      const timer = setTimeout(resolve, durationMs);
      signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }),
  random: Math.random,
};
