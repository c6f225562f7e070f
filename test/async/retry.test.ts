import { describe, expect, it } from 'vitest';
import { backoffMs, type RetryPolicy, retry } from '../../async/retry.ts';
import { isTransient } from '../../aws/is-transient.ts';
import { processBatch } from '../../local/lambda/event-sources/process-batch.ts';
import { fakeSystem } from '../fakes/system.ts';

const policy: RetryPolicy = { isTransient: isTransient, firstMs: 500, longestMs: 8_000 };
const settings = { bisect: true, reportsItemFailures: true, maximumRetries: 5, maximumAgeMs: undefined };

/** An event source in front of a consumer whose store is out for a time; there is one clock. */
const delivered = async (outageMs: number, budgetMs: number) => {
  const system = fakeSystem();
  const stored = new Set<number>();
  const parked: number[] = [];
  const handle = (some: readonly number[]): Promise<void> =>
    retry(
      async () => {
        if (system.clock() < outageMs) throw Object.assign(new Error('Internal server error'), { $fault: 'server' });
        for (const one of some) stored.add(one);
      },
      { ...policy, budgetMs },
      system,
    );
  const records = Array.from({ length: 50 }, (_, value) => ({ sequenceNumber: `${value}`, arrivedAt: 0, value }));
  await processBatch(records, settings, {
    invoke: async (batch) =>
      await handle(batch.map(({ value }) => value)).then(
        () => ({ batchItemFailures: [] }),
        () => ({ batchItemFailures: [{ itemIdentifier: batch[0]?.sequenceNumber }] }),
      ),
    giveUp: async (batch) => void parked.push(...batch.map(({ value }) => value)),
    now: system.clock,
    pause: async (failures) => {
      await system.sleep(50 * 2 ** (failures - 1));
      return true;
    },
  });
  return { stored: stored.size, parked: parked.length };
};

describe('a store that is out for a minute', () => {
  it('delays all records and loses none when the consumer waits', async () => {
    expect(await delivered(60_000, 30_000)).toEqual({ stored: 50, parked: 0 });
  });

  it('would have good records parked without waiting', async () => {
    expect(await delivered(60_000, 0)).toEqual({ stored: 0, parked: 50 });
  });
});

describe('waiting', () => {
  const outage = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

  it('ends with the error once the budget is spent', async () => {
    const system = fakeSystem();
    const work = retry(() => Promise.reject(outage), { ...policy, budgetMs: 10_000 }, system);
    await expect(work).rejects.toBe(outage);
    expect(system.clock()).toBe(7_500);
  });

  it('ends with the error after the last attempt', async () => {
    let attempts = 0;
    const work = async () => {
      attempts += 1;
      throw outage;
    };
    await expect(retry(work, { ...policy, attempts: 3 }, fakeSystem())).rejects.toBe(outage);
    expect(attempts).toBe(3);
  });

  it('is not done for programming errors such as a TypeError', async () => {
    const system = fakeSystem();
    const work = retry(() => Promise.reject(new TypeError('undefined is not a function')), policy, system);
    await expect(work).rejects.toThrow(TypeError);
    expect(system.clock()).toBe(0);
  });

  it('takes any time from nothing to a bound that doubles up to the longest', () => {
    const bounds = [1, 2, 3, 4, 5, 6].map((failures) => backoffMs(failures, policy, () => 1));
    const chances = [0, 0.25, 0.5].map((chance) => backoffMs(3, policy, () => chance));
    expect([bounds, chances]).toEqual([
      [500, 1_000, 2_000, 4_000, 8_000, 8_000],
      [0, 500, 1_000],
    ]);
  });
});
