import type { RetryPolicy } from '../../async/retry.ts';

/** The service took only part of a batch: it is throttling, and the rest is to be sent again. */
export class Deferred extends Error {
  override readonly name = 'ThrottledBatch';
}

/** How long a batch is completed: about three seconds altogether. */
export const untilComplete: RetryPolicy = {
  isTransient: (error) => error instanceof Deferred,
  attempts: 8,
  firstMs: 50,
  longestMs: 1_000,
};
