import { chunksOf } from '../../async/chunks-of.ts';
import type { System } from '../../async/system.ts';

export type Bundles<Item, Result> = {
  /** Does several at once; one outcome each, in their order. */
  readonly run: (items: readonly Item[]) => readonly Promise<Result>[];
  /** Two items of one key are not done together. */
  readonly keyOf: (item: Item) => string;
  /** So many at once. */
  readonly most: number;
  readonly sleep: System['sleep'];
};

/** Calls with one item each, done several at once: those that are asked for in the same turn of the event loop. */
export const bundled = <Item, Result>({ run, keyOf, most, sleep }: Bundles<Item, Result>) => {
  type Asked = { readonly item: Item; readonly settle: (outcome: Promise<Result>) => void };
  let asked: Asked[] = [];

  const runAll = (): void => {
    const byKey = Map.groupBy(asked, ({ item }) => keyOf(item));
    asked = [];
    const firsts = [...byKey.values()].flatMap(([first]) => first ?? []);
    const repeats = [...byKey.values()].flatMap(([, ...others]) => others);
    for (const bundle of [...chunksOf(firsts, most), ...chunksOf(repeats, 1)]) {
      const outcomes = run(bundle.map(({ item }) => item));
      for (const [index, { settle }] of bundle.entries()) {
        const outcome = outcomes[index];
        settle(outcome ?? Promise.reject(new Error(`${bundle.length} items have ${outcomes.length} outcomes`)));
      }
    }
  };

  return (item: Item): Promise<Result> =>
    new Promise((settle) => {
      if (asked.length === 0) void sleep(0).then(runAll);
      asked.push({ item, settle });
    });
};
