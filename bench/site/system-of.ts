import type { System } from '../../async/system.ts';
import type { Clock } from '../../simulator/clock.ts';

/** Time of the simulation as a port. */
export const systemOf = (clock: Clock): System => ({
  clock: clock.now,
  sleep: (durationMs, signal) =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(durationMs, resolve);
      signal?.addEventListener(
        'abort',
        () => {
          cancel();
          reject(signal.reason);
        },
        { once: true },
      );
    }),
  random: () => 0.5,
});
