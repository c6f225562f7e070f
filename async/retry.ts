import type { System } from './system.ts';

/** Waits that grow: at most `firstMs` before the second attempt, twice as long each time, never longer than `longestMs`. */
export type Backoff = { readonly firstMs: number; readonly longestMs: number };

export type RetryPolicy = Backoff & {
  /** Failures that time may mend. */
  readonly isTransient: (error: unknown) => boolean;
  /** Attempts altogether; unbounded when left out. */
  readonly attempts?: number;
  /** No attempt begins later than this after the first, ms; unbounded when left out. */
  readonly budgetMs?: number;
};

/**
 * ms to wait after `failures` failures in a row: anywhere from 0 to the bound ("full jitter"), so that clients that failed
 * together do not come back together.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export const backoffMs = (failures: number, { firstMs, longestMs }: Backoff, random: System['random']): number =>
  Math.round(random() * Math.min(longestMs, firstMs * 2 ** (failures - 1)));

/** Repeats work that fails for a reason that may pass. The work must be safe to repeat. Throws the last error. */
export const retry = async <Result>(
  work: () => Promise<Result>,
  policy: RetryPolicy,
  { clock, sleep, random }: System,
): Promise<Result> => {
  const { isTransient, attempts = Number.POSITIVE_INFINITY, budgetMs = Number.POSITIVE_INFINITY } = policy;
  const startedAt = clock();
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      const waitMs = backoffMs(failures, policy, random);
      if (!isTransient(error) || failures >= attempts || clock() - startedAt + waitMs > budgetMs) throw error;
      await sleep(waitMs);
    }
  }
};
