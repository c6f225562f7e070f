export type RetryPolicy = {
  /** Failures worth waiting for. */
  readonly isOutage: (error: unknown) => boolean;
  /** No new attempt begins after this, ms from the first one; leave the function time for one more. */
  readonly budgetMs: number;
  /** ms since any fixed moment. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/**
 * Repeats work that fails because a service is out, waiting twice as long each time. An event source counts attempts, not
 * time: without waiting, an outage of seconds would use up all attempts and have good records parked. The work must be safe
 * to repeat. Throws the last error.
 */
export const withRetry =
  <Input>(work: (input: Input) => Promise<void>, { isOutage, budgetMs, clock, sleep }: RetryPolicy) =>
  async (input: Input): Promise<void> => {
    const startedAt = clock();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        return await work(input);
      } catch (error) {
        if (!isOutage(error) || clock() - startedAt + waitMs > budgetMs) throw error;
        await sleep(waitMs);
      }
    }
  };
