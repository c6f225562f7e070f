/** Time as the simulation takes it from outside: what happens at the chargers is decided by this clock alone. */
export type Clock = {
  /** ms since the epoch. */
  readonly now: () => number;
  /** ms since any fixed moment, with fractions, never going back: to measure durations. */
  readonly elapsedMs: () => number;
  /** Runs something once, after a delay. Returns how to call it off. */
  readonly after: (delayMs: number, run: () => void) => () => void;
};

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after a delay. */
export const sleep = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.after(delayMs, resolve));

export type VirtualClock = Clock & {
  /** Lets time pass up to an instant: everything due is run in order, each with the promises it settles. */
  readonly runUntil: (at: number) => Promise<void>;
};

/** Lets every promise that can settle do so before the next timer runs. */
const settlePromises = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A clock that passes only when it is told to: hours of a simulation in milliseconds, and the same every time. */
export const virtualClock = (startAt: number): VirtualClock => {
  const due: { readonly at: number; readonly run: () => void }[] = [];
  let now = startAt;
  return {
    now: () => now,
    elapsedMs: () => now - startAt,
    after: (delayMs, run) => {
      const timer = { at: now + Math.max(0, delayMs), run };
      // Behind those of the same instant: first come, first served.
      const behind = due.findIndex(({ at }) => at > timer.at);
      due.splice(behind < 0 ? due.length : behind, 0, timer);
      return () => {
        const index = due.indexOf(timer);
        if (index >= 0) due.splice(index, 1);
      };
    },
    runUntil: async (at) => {
      await settlePromises();
      for (let next = due[0]; next !== undefined && next.at <= at; next = due[0]) {
        due.shift();
        now = next.at;
        next.run();
        await settlePromises();
      }
      now = at;
    },
  };
};
