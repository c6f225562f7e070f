import { randomUUID } from 'node:crypto';
import type { System } from '../async/system.ts';
import { system } from '../runtime/system.ts';

/**
 * Time and chance of the local runtime: it takes them from here alone, so that a simulated run can replace them. Only the
 * thread of a function, which imports nothing of ours, asks the machine itself.
 */
export type LocalSystem = System & {
  /** ms since a fixed moment; never set back, whatever happens to the date. */
  readonly elapsedMs: () => number;
  /** Calls back once. The result cancels it. */
  readonly after: (durationMs: number, run: () => void) => () => void;
  /** Calls back again and again. The result ends it. */
  readonly every: (durationMs: number, run: () => void) => () => void;
  readonly uuid: () => string;
};

/** The machine's own. */
export const localSystem: LocalSystem = {
  ...system,
  elapsedMs: () => performance.now(),
  after: (durationMs, run) => {
    const timer = setTimeout(run, durationMs);
    return () => clearTimeout(timer);
  },
  every: (durationMs, run) => {
    const timer = setInterval(run, durationMs);
    return () => clearInterval(timer);
  },
  uuid: randomUUID,
};

/** Pauses that can end early, all at once: when there is something to do, or for good. */
export type Pauses = {
  readonly pause: (durationMs: number) => Promise<void>;
  readonly endAll: () => void;
  /** Ends all, and those that are asked for later at once. */
  readonly stop: () => void;
};

export const pauses = ({ after }: Pick<LocalSystem, 'after'>): Pauses => {
  const waiting = new Set<() => void>();
  let stopped = false;
  const endAll = () => {
    for (const end of [...waiting]) end();
  };
  return {
    pause: (durationMs) =>
      new Promise((resolve) => {
        if (stopped) return resolve();
        const end = () => {
          cancel();
          waiting.delete(end);
          resolve();
        };
        const cancel = after(durationMs, end);
        waiting.add(end);
      }),
    endAll,
    stop: () => {
      stopped = true;
      endAll();
    },
  };
};
