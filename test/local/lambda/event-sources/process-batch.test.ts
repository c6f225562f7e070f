import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchSettings,
  type GivenUp,
  processBatch,
} from '../../../../local/lambda/event-sources/process-batch.ts';
import { InvocationFailed } from '../../../../local/lambda/local-function.ts';

type Row = { readonly sequenceNumber: string; readonly arrivedAt: number };
const rows = (...numbers: number[]): Row[] => numbers.map((n) => ({ sequenceNumber: String(n), arrivedAt: 1_000 }));
const defaults: BatchSettings = {
  bisect: false,
  reportsItemFailures: true,
  maximumRetries: 2,
  maximumAgeMs: undefined,
};

/** Runs a batch against a handler and records what it was handed and what was given up. Every try takes `tryMs`. */
const run = async (
  records: readonly Row[],
  settings: Partial<BatchSettings>,
  handler: (numbers: readonly string[]) => unknown,
  tryMs = 0,
) => {
  const handed: string[] = [];
  const givenUp: [string, GivenUp['condition'], number][] = [];
  let now = 1_000;
  const done = await processBatch(
    records,
    { ...defaults, ...settings },
    {
      invoke: async (batch) => {
        const numbers = batch.map(({ sequenceNumber }) => sequenceNumber);
        handed.push(numbers.join());
        now += tryMs;
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

const failure = () => new InvocationFailed('f', { name: 'Error', message: 'poison', stack: '' });
const failing =
  (...poison: string[]) =>
  (numbers: readonly string[]) => {
    if (numbers.some((number) => poison.includes(number))) throw failure();
  };
const reporting =
  (...poison: string[]) =>
  (numbers: readonly string[]) => ({
    batchItemFailures: numbers
      .filter((number) => poison.includes(number))
      .map((itemIdentifier) => ({ itemIdentifier })),
  });

describe('a batch that is handled', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty list', { batchItemFailures: [] }],
    ['a null list', { batchItemFailures: null }],
    ['an empty object', {}],
  ])('is handed over once when the handler answers %s', async (_, answer) => {
    expect(await run(rows(1, 2, 3), {}, () => answer)).toEqual({ done: true, handed: ['1,2,3'], givenUp: [] });
  });

  it('ignores a report it was not told to expect', async () => {
    expect((await run(rows(1), { reportsItemFailures: false }, reporting('1'))).givenUp).toEqual([]);
  });
});

describe('a report of failed items', () => {
  it('is followed by the lowest of them and what comes after it, whatever the order of the report', async () => {
    let calls = 0;
    const result = await run(rows(1, 2, 3, 4), {}, () => {
      calls += 1;
      return calls === 1 ? { batchItemFailures: [{ itemIdentifier: '4' }, { itemIdentifier: '3' }] } : null;
    });
    expect(result).toEqual({ done: true, handed: ['1,2,3,4', '3,4'], givenUp: [] });
  });

  it('spends a retry without bisection, also when it made progress', async () => {
    expect(await run(rows(1, 2, 3), { maximumRetries: 1 }, reporting('2', '3'))).toEqual({
      done: true,
      handed: ['1,2,3', '2,3'],
      givenUp: [['2,3', 'RetryAttemptsExhausted', 2]],
    });
  });

  it('spends no retry with bisection where it splits the batch, and one where it does not', async () => {
    expect(await run(rows(1, 2, 3), { bisect: true, maximumRetries: 1 }, reporting('2'))).toEqual({
      done: true,
      handed: ['1,2,3', '2,3', '2,3'],
      givenUp: [['2,3', 'RetryAttemptsExhausted', 3]],
    });
  });

  it.each([
    ['an identifier that is not of the batch', { batchItemFailures: [{ itemIdentifier: '9' }] }],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a key of another name', { batchItemFailures: [{ sequenceNumber: '1' }] }],
    ['a list that is none', { batchItemFailures: 'all' }],
  ])('fails the whole batch with %s', async (_, answer) => {
    const result = await run(rows(1, 2), { maximumRetries: 0 }, () => answer);
    expect(result.givenUp).toEqual([['1,2', 'RetryAttemptsExhausted', 1]]);
  });
});

describe('a function error', () => {
  it('halves the batch without spending retries, until the poison stands alone', async () => {
    expect(await run(rows(1, 2, 3, 4), { bisect: true, maximumRetries: 1 }, failing('2'))).toEqual({
      done: true,
      handed: ['1,2,3,4', '1,2', '1', '2', '2', '3,4'],
      givenUp: [['2', 'RetryAttemptsExhausted', 4]],
    });
  });

  it('has the whole batch given up where it may not be halved', async () => {
    expect(await run(rows(1, 2), { reportsItemFailures: false }, failing('2'))).toEqual({
      done: true,
      handed: ['1,2', '1,2', '1,2'],
      givenUp: [['1,2', 'RetryAttemptsExhausted', 3]],
    });
  });

  it('spends no retries while the function cannot be invoked at all', async () => {
    let calls = 0;
    const result = await run(rows(1), { maximumRetries: 0 }, () => {
      calls += 1;
      if (calls < 20) throw new Error('throttled');
    });
    expect([calls, result.givenUp]).toEqual([20, []]);
  });
});

describe('the record age', () => {
  it('has records given up before they are handed over', async () => {
    const old = { sequenceNumber: '1', arrivedAt: 0 };
    expect(await run([old, ...rows(2)], { maximumAgeMs: 500 }, () => undefined)).toEqual({
      done: true,
      handed: ['2'],
      givenUp: [['1', 'RecordAgeExceeded', 0]],
    });
  });

  it('ends retries that no number limits', async () => {
    const settings = { maximumRetries: undefined, maximumAgeMs: 5_000 };
    const { handed, givenUp } = await run(rows(1), settings, failing('1'), 1_000);
    expect([handed.length, givenUp]).toEqual([6, [['1', 'RecordAgeExceeded', 6]]]);
  });

  it('is counted from the arrival, whatever progress a batch makes', async () => {
    const settings = { maximumRetries: undefined, maximumAgeMs: 2_500, bisect: true };
    const { givenUp } = await run(rows(1, 2, 3, 4, 5), settings, reporting('2', '3', '4', '5'), 1_000);
    expect(givenUp).toEqual([['2,3,4,5', 'RecordAgeExceeded', 3]]);
  });
});

it('retries without end when nothing limits it, until the runtime stops', async () => {
  let pauses = 0;
  const done = await processBatch(
    rows(1),
    { ...defaults, maximumRetries: undefined },
    {
      invoke: async () => Promise.reject(failure()),
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

const batches = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
const namesOf = (poisonous: readonly boolean[], wanted: boolean): string[] =>
  poisonous.flatMap((bad, index) => (bad === wanted ? [String(index)] : []));

it('handles every good record and gives up exactly the poison, in order, for any batch whose function throws', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (poisonous) => {
      const poison = namesOf(poisonous, true);
      const handled: string[] = [];
      const { givenUp } = await run(rows(...poisonous.keys()), { bisect: true }, (numbers) => {
        failing(...poison)(numbers);
        handled.push(...numbers);
      });
      expect(givenUp.map(([number]) => number)).toEqual(poison);
      expect(handled).toEqual(namesOf(poisonous, false));
    }),
  );
});

it('gives up everything from the first poison on, for any batch whose function reports it again and again', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), async (poisonous, bisect) => {
      const { givenUp } = await run(rows(...poisonous.keys()), { bisect }, reporting(...namesOf(poisonous, true)));
      const first = poisonous.indexOf(true);
      const lost = first < 0 ? [] : [...poisonous.keys()].slice(first).map(String);
      expect(givenUp.flatMap(([numbers]) => numbers.split(','))).toEqual(lost);
    }),
  );
});
