import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Failure, type Settlement, SomeFailed, settle } from '../../async/settle.ts';
import { isTransient } from '../../aws/is-transient.ts';
import { fakeSystem } from '../fakes/system.ts';

type Item = { readonly name: number; readonly fate: 'fine' | 'poison' | 'outage' | 'unparkable' };

const outage = Object.assign(new Error('out'), { $fault: 'server' });

/** Settles a batch of which any bad item fails the whole call, as a transaction or a marshaller does. */
const settled = async (items: readonly Item[], isOrdered: boolean) => {
  const system = fakeSystem();
  const done: Item[] = [];
  const refused: Item[] = [];
  let calls = 0;
  const work: Settlement<Item> = {
    handle: async (some) => {
      calls += 1;
      if (some.some(({ fate }) => fate === 'outage')) throw outage;
      if (some.some(({ fate }) => fate !== 'fine')) throw new TypeError('cannot be stored');
      done.push(...some);
    },
    refuse: async ({ item }) => {
      if (item.fate === 'unparkable') throw outage;
      refused.push(item);
    },
    retry: { isTransient, firstMs: 500, longestMs: 8_000 },
    untilAt: 30_000,
    isOrdered,
  };
  const waiting = await settle(items, work, system);
  return { done, refused, waiting: waiting.map(({ item }) => item), calls, tookMs: system.clock() };
};

const batch = fc
  .array(fc.constantFrom<Item['fate']>('fine', 'fine', 'fine', 'poison', 'unparkable'), { maxLength: 40 })
  .map((fates) => fates.map((fate, name): Item => ({ name, fate })));

describe('a batch', () => {
  it('ends with every item done, refused or waiting, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(batch, fc.boolean(), async (items, isOrdered) => {
        const { done, refused, waiting } = await settled(items, isOrdered);
        const ends = [...done, ...refused, ...waiting].map(({ name }) => name);
        expect(ends.toSorted((a, b) => a - b)).toEqual(items.map(({ name }) => name));
      }),
    );
  });

  it('without order, does every good item and keeps waiting only what could not be put aside', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (items) => {
        const { waiting } = await settled(items, false);
        expect(waiting).toEqual(items.filter(({ fate }) => fate === 'unparkable'));
      }),
    );
  });

  it('in order, does nothing behind an item that waits', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (items) => {
        const { done, waiting } = await settled(items, true);
        const first = waiting[0]?.name ?? items.length;
        expect(waiting).toEqual(items.slice(first));
        expect(done.every(({ name }) => name < first)).toBe(true);
      }),
    );
  });

  it('finds one bad item of 250 in few calls and without waiting', async () => {
    const items = Array.from({ length: 250 }, (_, name): Item => ({ name, fate: name === 97 ? 'poison' : 'fine' }));
    const { refused, calls, tookMs } = await settled(items, true);
    expect([refused.map(({ name }) => name), calls < 20, tookMs]).toEqual([[97], true, 0]);
  });

  it('waits for a service that is out as long as there is time, and gives all back', async () => {
    const items: readonly Item[] = [
      { name: 0, fate: 'fine' },
      { name: 1, fate: 'outage' },
    ];
    const { waiting, tookMs } = await settled(items, true);
    expect([waiting, tookMs > 20_000 && tookMs <= 30_000]).toEqual([items, true]);
  });

  it('does again only the items a handler says have failed', async () => {
    const seen: number[][] = [];
    const refused: number[] = [];
    let isOut = true;
    const handle = async (some: readonly number[]): Promise<void> => {
      seen.push([...some]);
      const failures: Failure<number>[] = some.flatMap((item) => {
        if (item === 2) return [{ item, error: new TypeError('never') }];
        return item === 4 && isOut ? [{ item, error: outage }] : [];
      });
      isOut = false;
      if (failures.length > 0) throw new SomeFailed(failures, 'some');
    };
    const work: Settlement<number> = {
      handle,
      refuse: async ({ item }) => void refused.push(item),
      retry: { isTransient, firstMs: 500, longestMs: 8_000 },
      untilAt: 30_000,
      isOrdered: false,
    };
    expect([await settle([1, 2, 3, 4, 5], work, fakeSystem()), seen, refused]).toEqual([
      [],
      [[1, 2, 3, 4, 5], [4]],
      [2],
    ]);
  });

  it('that cannot all be told apart leaves no item out: what could not be put aside waits, in order or not', async () => {
    const left = (isOrdered: boolean) => {
      let calls = 0;
      const handle = async (some: readonly string[]): Promise<void> => {
        calls += 1;
        const failures: Failure<string>[] = some
          .filter((item) => item !== 'done')
          .map((item) => ({ item, error: item === 'unparkable' ? new TypeError('never') : outage }));
        if (calls === 1) throw new SomeFailed(failures, 'some');
        throw some.length > 1 ? new TypeError('one of these') : outage;
      };
      const work: Settlement<string> = {
        handle,
        refuse: async () => Promise.reject(outage),
        retry: { isTransient, firstMs: 500, longestMs: 8_000 },
        untilAt: 30_000,
        isOrdered,
      };
      return settle(['done', 'unparkable', 'late', 'later'], work, fakeSystem());
    };
    const names = (await Promise.all([left(true), left(false)])).map((waiting) => waiting.map(({ item }) => item));
    expect(names).toEqual([1, 2].map(() => ['unparkable', 'late', 'later']));
  });
});
