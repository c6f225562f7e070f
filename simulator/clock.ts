/** Time as the simulation takes it from outside: what happens at the chargers is decided by this clock alone. */
export type Clock = {
  /** ms since the epoch. */
  readonly now: () => number;
  /** ms since any fixed moment, with fractions, never going back: to measure durations. */
  readonly elapsedMs: () => number;
  /** Runs something once, after a delay (Infinity: never). Returns how to call it off. */
  readonly after: (delayMs: number, run: () => void) => () => void;
};

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (delayMs, run) => {
    let timer: NodeJS.Timeout | undefined;
    const wait = (leftMs: number): void => {
      if (leftMs === Infinity) return;
      // A timer of Node with a longer delay fires at once.
      const next = leftMs > LONGEST_TIMER_MS ? () => wait(leftMs - LONGEST_TIMER_MS) : run;
      timer = setTimeout(next, Math.min(leftMs, LONGEST_TIMER_MS));
    };
    wait(delayMs);
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

type Timer = { readonly at: number; readonly order: number; readonly run: () => void; isCancelled: boolean };

const isBefore = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** Timers by when they are due, those of one instant in the order they were set: a binary heap. */
const timerQueue = () => {
  const heap: Timer[] = [];
  const swap = (one: number, other: number) => {
    const [a, b] = [heap[one], heap[other]];
    if (a && b) [heap[one], heap[other]] = [b, a];
  };
  const comesFirst = (one: number, other: number): boolean => {
    const [a, b] = [heap[one], heap[other]];
    return a !== undefined && (b === undefined || isBefore(a, b));
  };
  return {
    push: (timer: Timer): void => {
      heap.push(timer);
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (!comesFirst(index, parent)) return;
        swap(index, parent);
        index = parent;
      }
    },
    first: () => heap[0],
    pop: (): Timer | undefined => {
      const [first, last] = [heap[0], heap.pop()];
      if (last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const least = comesFirst(left + 1, left) ? left + 1 : left;
        if (!comesFirst(least, index)) return first;
        swap(index, least);
        index = least;
      }
    },
  };
};

/**
 * A clock that passes only when it is told to: hours of a simulation in milliseconds, and the same every time. `settled`
 * resolves when what the last timer set going has come to rest; promises alone need no other than the default.
 */
export const virtualClock = (startAt: number, settled: () => Promise<void> = settlePromises): VirtualClock => {
  const due = timerQueue();
  let now = startAt;
  let order = 0;
  return {
    now: () => now,
    elapsedMs: () => now - startAt,
    after: (delayMs, run) => {
      const timer = { at: now + Math.max(0, delayMs), order: order++, run, isCancelled: false };
      if (timer.at < Infinity) due.push(timer);
      return () => {
        timer.isCancelled = true;
      };
    },
    runUntil: async (at) => {
      await settled();
      for (let next = due.first(); next !== undefined && next.at <= at; next = due.first()) {
        due.pop();
        if (next.isCancelled) continue;
        now = next.at;
        next.run();
        await settled();
      }
      now = at;
    },
  };
};
