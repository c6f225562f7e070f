import type { System } from '../../async/system.ts';

export type Bundles<Item, Result> = {
  /** Does several at once. Resolves to one outcome each, in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Two items of one key are not done together. */
  readonly keyOf: (item: Item) => string;
  /** What an item counts for; and so much is done at once. */
  readonly sizeOf: (item: Item) => number;
  readonly most: number;
  readonly sleep: System['sleep'];
};

const outcomeAt = <Result>(outcomes: readonly Result[], index: number): Result => {
  const outcome = outcomes[index];
  if (outcome === undefined) throw new Error(`Only ${outcomes.length} outcomes are told`);
  return outcome;
};

/** Calls with one item each, done several at once: those that are asked for in the same turn of the event loop. */
export const bundled = <Item, Result>({ run, keyOf, sizeOf, most, sleep }: Bundles<Item, Result>) => {
  type Asked = { readonly item: Item; readonly settle: (outcome: Promise<Result>) => void };
  let asked: Asked[] = [];

  /** In their order, as many together as fit. */
  const filled = (some: readonly Asked[]): readonly (readonly Asked[])[] => {
    const bundles: Asked[][] = [];
    let left = 0;
    for (const one of some) {
      const size = sizeOf(one.item);
      if (size > left) {
        bundles.push([]);
        left = most;
      }
      bundles.at(-1)?.push(one);
      left -= size;
    }
    return bundles;
  };

  const runAll = (): void => {
    const byKey = Map.groupBy(asked, ({ item }) => keyOf(item));
    asked = [];
    const firsts = [...byKey.values()].flatMap(([first]) => first ?? []);
    const repeats = [...byKey.values()].flatMap(([, ...others]) => others);
    for (const bundle of [...filled(firsts), ...repeats.map((one) => [one])]) {
      const outcomes = run(bundle.map(({ item }) => item));
      for (const [index, { settle }] of bundle.entries()) settle(outcomes.then((all) => outcomeAt(all, index)));
    }
  };

  return (item: Item): Promise<Result> =>
    new Promise((settle) => {
      if (asked.length === 0) void sleep(0).then(runAll);
      asked.push({ item, settle });
    });
};
