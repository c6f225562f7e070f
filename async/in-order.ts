import pMap from 'p-map';
import { chunksOf } from './chunks-of.ts';
import type { Failure } from './settle.ts';

export type InOrder<Item> = {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** Handles some items of one key, in their order. */
  readonly run: (key: string, items: readonly Item[]) => Promise<void>;
  /** Most items of one key in one run. */
  readonly runLength: number;
  /** Keys worked on at a time. */
  readonly concurrency: number;
  /** What to do with a key's later items after a failure. Anything but stopping loses the failed ones. */
  readonly afterFailure: 'stop-key' | 'go-on';
};

const oneKey = async <Item>(key: string, items: readonly Item[], work: InOrder<Item>): Promise<Failure<Item>[]> => {
  const failures: Failure<Item>[] = [];
  for (const [index, run] of chunksOf(items, work.runLength).entries()) {
    try {
      await work.run(key, run);
    } catch (error) {
      const undone = work.afterFailure === 'stop-key' ? items.slice(index * work.runLength) : run;
      failures.push(...undone.map((item) => ({ item, error })));
      if (work.afterFailure === 'stop-key') return failures;
    }
  }
  return failures;
};

/** Works on items key by key: one key's items strictly in order, different keys side by side. Returns what is not done. */
export const inOrder = async <Item>(work: InOrder<Item>): Promise<readonly Failure<Item>[]> => {
  const keys = [...Map.groupBy(work.items, work.keyOf)];
  const failures = await pMap(keys, ([key, items]) => oneKey(key, items, work), { concurrency: work.concurrency });
  return failures.flat();
};
