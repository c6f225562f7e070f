import { type RetryPolicy, retry } from './retry.ts';
import type { System } from './system.ts';

export type Failure<Item> = { readonly item: Item; readonly error: unknown };

/** Some items of a batch failed, each for a reason of its own; all others are done. */
export class SomeFailed<Item> extends AggregateError {
  override readonly name = 'SomeFailed';
  readonly failures: readonly Failure<Item>[];
  constructor(failures: readonly Failure<Item>[], message: string) {
    super(
      failures.map(({ error }) => error),
      message,
    );
    this.failures = failures;
  }
}

/** The time of an invocation is over: what is left is for the next one. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

export type Settlement<Item> = {
  /** Does items in their order; may be repeated. Throws SomeFailed when it knows which of them failed. */
  readonly handle: (items: readonly Item[]) => Promise<void>;
  /** Puts an item aside that fails for good; rejects when it cannot. */
  readonly refuse: (failure: Failure<Item>) => Promise<void>;
  readonly retry: RetryPolicy;
  /** No attempt begins after this instant, ms. */
  readonly untilAt: number;
  /** Whether what follows an item that has to wait waits too. */
  readonly isOrdered: boolean;
};

/**
 * Does a batch so that each item is done, refused, or waiting, and no item suffers for another: a failure that may pass is
 * waited for, any other is narrowed down by halves to the item it concerns. Returns what waits, in order.
 */
export const settle = async <Item>(
  items: readonly Item[],
  work: Settlement<Item>,
  system: System,
): Promise<readonly Failure<Item>[]> => {
  const { handle, untilAt, isOrdered } = work;
  const { isTransient } = work.retry;
  if (items.length === 0) return [];
  if (system.clock() > untilAt) return allWait(items, new OutOfTime('No time was left for this batch'));

  const waiting: Failure<Item>[] = [];
  const refuse = async (failure: Failure<Item>): Promise<void> => {
    try {
      await work.refuse(failure);
    } catch (error) {
      waiting.push({ item: failure.item, error });
    }
  };

  let pending = items;
  const handlePending = async (): Promise<void> => {
    try {
      await handle(pending);
    } catch (error) {
      if (!(error instanceof SomeFailed)) throw error;
      const failures: readonly Failure<Item>[] = error.failures;
      for (const failure of failures) if (!isTransient(failure.error)) await refuse(failure);
      pending = failures.filter((failure) => isTransient(failure.error)).map(({ item }) => item);
      if (pending.length > 0) throw error;
    }
  };
  try {
    await retry(handlePending, { ...work.retry, budgetMs: untilAt - system.clock() }, system);
    return waiting;
  } catch (error) {
    if (isTransient(error)) return [...waiting, ...allWait(pending, error)];
    const [only] = pending;
    if (only !== undefined && pending.length === 1) {
      await refuse({ item: only, error });
      return waiting;
    }
    const middle = Math.ceil(pending.length / 2);
    const first = await settle(pending.slice(0, middle), work, system);
    const rest = pending.slice(middle);
    if (isOrdered && first[0] !== undefined) return [...waiting, ...first, ...allWait(rest, first[0].error)];
    return [...waiting, ...first, ...(await settle(rest, work, system))];
  }
};

const allWait = <Item>(items: readonly Item[], error: unknown): readonly Failure<Item>[] =>
  items.map((item) => ({ item, error }));
