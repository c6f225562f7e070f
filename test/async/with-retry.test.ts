import { describe, expect, it } from 'vitest';
import { withRetry } from '../../async/with-retry.ts';
import { isOutage } from '../../aws/is-outage.ts';
import { processBatch } from '../../local/event-sources/stream-batch.ts';

const settings = { bisect: true, reportsItemFailures: true, maximumRetries: 5, maximumAgeMs: undefined };

/** An event source in front of a consumer whose store is out for a time; there is one clock. */
const delivered = async (outageMs: number, budgetMs: number) => {
  let now = 0;
  const stored = new Set<number>();
  const parked: number[] = [];
  const sleep = async (ms: number) => {
    now += ms;
    return true;
  };
  const handle = withRetry<readonly number[]>(
    async (some) => {
      if (now < outageMs) throw Object.assign(new Error('Internal server error'), { $fault: 'server' });
      for (const one of some) stored.add(one);
    },
    { isOutage, budgetMs, clock: () => now, sleep },
  );
  const records = Array.from({ length: 50 }, (_, value) => ({ sequenceNumber: `${value}`, arrivedAt: 0, value }));
  await processBatch(records, settings, {
    invoke: async (batch) =>
      await handle(batch.map(({ value }) => value)).then(
        () => ({ batchItemFailures: [] }),
        () => ({ batchItemFailures: [{ itemIdentifier: batch[0]?.sequenceNumber }] }),
      ),
    giveUp: async (batch) => void parked.push(...batch.map(({ value }) => value)),
    now: () => now,
    pause: (retry) => sleep(50 * 2 ** (retry - 1)),
  });
  return { stored: stored.size, parked: parked.length };
};

const waitingOn = (budgetMs: number) => {
  // The consumer's own clock: it only has to agree with what it sleeps.
  let waitedMs = 0;
  return {
    budgetMs,
    isOutage,
    clock: () => waitedMs,
    sleep: async (ms: number) => {
      waitedMs += ms;
    },
  };
};

describe('a store that is out for a minute', () => {
  it('delays all records and loses none when the consumer waits', async () => {
    expect(await delivered(60_000, 30_000)).toEqual({ stored: 50, parked: 0 });
  });

  it('would have good records parked without waiting', async () => {
    expect(await delivered(60_000, 0)).toEqual({ stored: 13, parked: 37 });
  });
});

describe('waiting', () => {
  it('ends with the error once the budget is spent', async () => {
    const patience = waitingOn(10_000);
    const outage = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const work = withRetry(() => Promise.reject(outage), patience);
    await expect(work(undefined)).rejects.toBe(outage);
    expect(patience.clock()).toBe(7_500);
  });

  it('is not for mistakes, which no time heals', async () => {
    const patience = waitingOn(10_000);
    const work = withRetry(() => Promise.reject(new TypeError('undefined is not a function')), patience);
    await expect(work(undefined)).rejects.toThrow(TypeError);
    expect(patience.clock()).toBe(0);
  });
});

describe('an outage', () => {
  const named = (name: string) => Object.assign(new Error(name), { name, $fault: 'client' });
  it.each([
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
    ['an error of the service', Object.assign(new Error('500'), { $fault: 'server' }), true],
    ['throttling', named('ThrottlingException'), true],
    ['too much for the table', named('ProvisionedThroughputExceededException'), true],
    ['several failures with one of those', new AggregateError([new Error('x'), named('ThrottlingException')]), true],
    ['a request the service does not take', named('ValidationException'), false],
    ['missing permission', named('AccessDeniedException'), false],
    ['a mistake', new TypeError('x'), false],
    ['no error at all', 'text', false],
  ])('%s: %#', (_, error, expected) => {
    expect(isOutage(error)).toBe(expected);
  });
});
