import { failedTogether } from './failed-together.ts';
import { type Failure, SomeFailed } from './settle.ts';

type Handle<Item> = (items: readonly Item[]) => Promise<void>;

/**
 * Runs all handlers over a batch, whatever becomes of the others: a bus that is down must not keep alerts from being raised.
 * Throws SomeFailed when every handler that failed knows which items did.
 */
export const allOf =
  <Item>(...handlers: readonly Handle<Item>[]): Handle<Item> =>
  async (items) => {
    const outcomes = await Promise.allSettled(handlers.map((handle) => handle(items)));
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1) throw together(failed);
  };

/** An item that failed twice failed for both reasons: it waits while one of them may pass. */
const together = <Item>(errors: readonly unknown[]): Error => {
  const message = 'Several parts of a batch failed';
  if (!errors.every((error) => error instanceof SomeFailed)) return failedTogether(message, errors);
  const failures: readonly Failure<Item>[] = errors.flatMap((error) => error.failures);
  const byItem = [...Map.groupBy(failures, ({ item }) => item)];
  return new SomeFailed(
    byItem.map(([item, own]) => ({
      item,
      error:
        own.length === 1
          ? own[0]?.error
          : failedTogether(
              message,
              own.map(({ error }) => error),
            ),
    })),
    message,
  );
};
