/** Does `work` for every item, at most `limit` at a time; results in the order of the items. Begins none after a failure. */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  let pending = items.entries();
  const worker = async (): Promise<void> => {
    for (let next = pending.next(); !next.done; next = pending.next()) {
      const [index, item] = next.value;
      try {
        results[index] = await work(item);
      } catch (error) {
        pending = [].entries();
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
};
