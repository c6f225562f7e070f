/** Time and chance as ports: whoever builds the program hands them in, so that a run can be repeated under its own clock. */
export type System = {
  /** ms since the epoch. */
  readonly clock: () => number;
  /** Resolves after `durationMs`; not any more once `signal` aborts. */
  readonly sleep: (durationMs: number, signal?: AbortSignal) => Promise<void>;
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
};
