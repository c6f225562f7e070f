import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchSettings,
  type GivenUp,
  processBatch,
} from '../../../../local/lambda/event-sources/process-batch.ts';

type Row = { readonly sequenceNumber: string; readonly arrivedAt: number };
const rows = (...numbers: number[]): Row[] => numbers.map((n) => ({ sequenceNumber: String(n), arrivedAt: 1_000 }));
const defaults: BatchSettings = {
  bisect: false,
  reportsItemFailures: true,
  maximumRetries: 2,
  maximumAgeMs: undefined,
};

/** Runs a batch against a handler and records what it was handed and what was given up. */
const run = async (
  records: readonly Row[],
  settings: Partial<BatchSettings>,
  handler: (numbers: readonly string[]) => unknown,
  now = 1_000,
) => {
  const handed: string[] = [];
  const givenUp: [string, GivenUp['condition'], number][] = [];
  const done = await processBatch(
    records,
    { ...defaults, ...settings },
    {
      invoke: async (batch) => {
        const numbers = batch.map(({ sequenceNumber }) => sequenceNumber);
        handed.push(numbers.join());
        return handler(numbers);
      },
      giveUp: async (batch, { condition, invocations }) => {
        givenUp.push([batch.map(({ sequenceNumber }) => sequenceNumber).join(), condition, invocations]);
      },
      now: () => now,
      pause: async () => true,
    },
  );
  return { done, handed, givenUp };
};

const failing =
  (...poison: string[]) =>
  (numbers: readonly string[]) => {
    if (numbers.some((number) => poison.includes(number))) throw new Error('poison');
  };
const reporting =
  (...poison: string[]) =>
  (numbers: readonly string[]) => ({
    batchItemFailures: numbers
      .filter((number) => poison.includes(number))
      .map((itemIdentifier) => ({ itemIdentifier })),
  });

describe('processBatch', () => {
  it('hands a batch over once when the handler is content', async () => {
    expect(await run(rows(1, 2, 3), {}, () => undefined)).toEqual({ done: true, handed: ['1,2,3'], givenUp: [] });
  });

  it('restarts at the lowest reported failure, whatever the order of the report', async () => {
    let calls = 0;
    const result = await run(rows(1, 2, 3, 4), {}, () => {
      calls += 1;
      return calls === 1 ? { batchItemFailures: [{ itemIdentifier: '4' }, { itemIdentifier: '3' }] } : null;
    });
    expect(result).toEqual({ done: true, handed: ['1,2,3,4', '3,4'], givenUp: [] });
  });

  it('halves a batch that fails as a whole, without spending retries, until the poison stands alone', async () => {
    expect(await run(rows(1, 2, 3, 4), { bisect: true, maximumRetries: 1 }, failing('2'))).toEqual({
      done: true,
      handed: ['1,2,3,4', '1,2', '1', '2', '2', '3,4'],
      givenUp: [['2', 'RetryAttemptsExhausted', 2]],
    });
  });

  it('gives up the whole batch when it may not halve it', async () => {
    expect(await run(rows(1, 2), { reportsItemFailures: false }, failing('2'))).toEqual({
      done: true,
      handed: ['1,2', '1,2', '1,2'],
      givenUp: [['1,2', 'RetryAttemptsExhausted', 3]],
    });
  });

  it('ignores a report it was not told to expect', async () => {
    expect((await run(rows(1), { reportsItemFailures: false }, reporting('1'))).givenUp).toEqual([]);
  });

  it('takes an identifier that is not of the batch as a failure of all of it', async () => {
    const result = await run(rows(1, 2), { maximumRetries: 0 }, () => ({
      batchItemFailures: [{ itemIdentifier: '9' }],
    }));
    expect(result.givenUp).toEqual([['1,2', 'RetryAttemptsExhausted', 1]]);
  });

  it('gives up records that are too old before handing them over', async () => {
    const old = { sequenceNumber: '1', arrivedAt: 0 };
    expect(await run([old, ...rows(2)], { maximumAgeMs: 500 }, () => undefined)).toEqual({
      done: true,
      handed: ['2'],
      givenUp: [['1', 'MaximumRecordAgeExceeded', 0]],
    });
  });

  it('retries without end when no limit is set, until the runtime stops', async () => {
    let pauses = 0;
    const done = await processBatch(
      rows(1),
      { ...defaults, maximumRetries: undefined },
      {
        invoke: async () => Promise.reject(new Error('down')),
        giveUp: async () => expect.unreachable(),
        now: () => 0,
        pause: async () => {
          pauses += 1;
          return pauses < 50;
        },
      },
    );
    expect([done, pauses]).toEqual([false, 50]);
  });

  it('handles every good record and gives up exactly the poison, in order, for any batch and either kind of failure', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (poisonous, reports) => {
          const poison = poisonous.flatMap((bad, index) => (bad ? [String(index)] : []));
          const handled: string[] = [];
          const { givenUp } = await run(rows(...poisonous.keys()), { bisect: true }, (numbers) => {
            const bad = numbers.findIndex((number) => poison.includes(number));
            const good = bad < 0 ? numbers : numbers.slice(0, bad);
            if (reports || bad < 0) handled.push(...good);
            return (reports ? reporting(...poison) : failing(...poison))(numbers);
          });
          expect(givenUp.map(([number]) => number)).toEqual(poison);
          const expected = [...poisonous.keys()].map(String).filter((number) => !poison.includes(number));
          expect(handled).toEqual(expected);
        },
      ),
    );
  });
});
