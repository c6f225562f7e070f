import type { Clock } from '../clock.ts';

/** The clock of one station, whose timers can all be stopped at once. */
export type Timers = Clock & {
  /** Calls off everything that is due; nothing can be scheduled any more. */
  readonly clear: () => void;
};

/** Timers of one station on a clock. */
export const timers = (clock: Clock): Timers => {
  const running = new Set<() => void>();
  let cleared = false;
  return {
    now: clock.now,
    elapsedMs: clock.elapsedMs,
    after: (delayMs, run) => {
      if (cleared) return () => {};
      const cancel = clock.after(delayMs, () => {
        running.delete(cancel);
        run();
      });
      running.add(cancel);
      return () => {
        running.delete(cancel);
        cancel();
      };
    },
    clear: () => {
      cleared = true;
      for (const cancel of running) cancel();
      running.clear();
    },
  };
};
