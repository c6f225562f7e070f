type Handle<Item> = (items: readonly Item[]) => Promise<void>;

/** Runs all handlers over a batch, whatever becomes of the others: a bus that is down must not keep alerts from being raised. */
export const allOf =
  <Item>(...handlers: readonly Handle<Item>[]): Handle<Item> =>
  async (items) => {
    const outcomes = await Promise.allSettled(handlers.map((handle) => handle(items)));
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    if (failed.length === 1) throw failed[0];
    if (failed.length > 1) throw new AggregateError(failed, 'Several parts of a batch failed');
  };
