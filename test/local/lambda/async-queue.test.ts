import { describe, expect, it } from 'vitest';
import { noJournal } from '../../../local/journal.ts';
import { asyncQueue } from '../../../local/lambda/async-queue.ts';
import { type AsyncSettings, asyncDefaults } from '../../../local/lambda/event-invoke-config.ts';
import type { FailureRecord } from '../../../local/lambda/failure-record.ts';
import { InvocationFailed } from '../../../local/lambda/local-function.ts';
import { skippingSystem } from '../../fakes/local-system.ts';

const start = Date.UTC(2026, 0, 2, 3, 4, 5);
const functionError = () => new InvocationFailed('demo', { name: 'TypeError', message: 'no', stack: 'TypeError: no' });

/** Queues one event for a function and tells when it was invoked (s) and what was left at the destination. */
const queued = async (settings: Partial<AsyncSettings>, outcome: (attempt: number) => Error | undefined) => {
  const system = skippingSystem(start);
  const invokedAt: number[] = [];
  const failures: [string, FailureRecord][] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const queue = await asyncQueue({
    journal: async () => noJournal(),
    invoke: async () => {
      invokedAt.push((system.clock() - start) / 1_000);
      const error = outcome(invokedAt.length);
      if (error !== undefined) throw error;
      resolve();
    },
    deliverFailure: async (destination, failure) => {
      failures.push([destination, failure]);
      resolve();
    },
    settingsOf: () => ({ ...asyncDefaults, destination: 'arn:aws:s3:::parked', ...settings }),
    report: () => undefined,
    system,
  });
  await queue.add({ functionArn: 'arn:aws:lambda:::function:demo', event: { frame: 1 }, queuedAt: start });
  await ended;
  return { invokedAt, failures };
};

describe('an asynchronous invocation', () => {
  it('of a function that fails is repeated twice, after one minute and two more, and then left at the destination', async () => {
    const { invokedAt, failures } = await queued({}, functionError);
    expect(invokedAt).toEqual([0, 60, 180]);
    expect(failures).toEqual([
      [
        'arn:aws:s3:::parked',
        {
          objectKey: expect.stringMatching(/^aws\/lambda\/async\/demo\/2026\/01\/02\/2026-01-02T03\.07\.05-/),
          record: expect.objectContaining({
            requestPayload: { frame: 1 },
            requestContext: expect.objectContaining({ condition: 'RetriesExhausted', approximateInvokeCount: 3 }),
            responsePayload: { errorType: 'TypeError', errorMessage: 'no', trace: ['TypeError: no'] },
          }),
        },
      ],
    ]);
  });

  it('is not repeated where the function allows no retries', async () => {
    expect((await queued({ retries: 0 }, functionError)).invokedAt).toEqual([0]);
  });

  it('is repeated for hours, at growing distances, while the function cannot be invoked, which spends no retries', async () => {
    const { invokedAt, failures } = await queued({}, (attempt) => (attempt < 20 ? new Error('throttled') : undefined));
    expect(invokedAt.slice(0, 5)).toEqual([0, 1, 3, 7, 15]);
    expect(invokedAt.slice(-2).map((at, index, all) => at - (all[index - 1] ?? at))).toEqual([0, 300]);
    expect(failures).toEqual([]);
  });

  it('is given up when it is older than the function allows', async () => {
    const { invokedAt, failures } = await queued({ maximumAgeMs: 100_000 }, functionError);
    expect(invokedAt).toEqual([0, 60]);
    expect(failures[0]?.[1].record).toMatchObject({ requestContext: { condition: 'EventAgeExceeded' } });
  });

  it('that the end of the stack cuts short is neither given up nor done', async () => {
    const { promise: invoked, reject: cutShort } = Promise.withResolvers<void>();
    const entries: unknown[] = [];
    const told: unknown[] = [];
    const queue = await asyncQueue({
      journal: async () => ({ ...noJournal(), append: async (entry) => void entries.push(entry) }),
      invoke: () => invoked,
      deliverFailure: async (destination) => void told.push(destination),
      settingsOf: () => ({ ...asyncDefaults, retries: 0, destination: 'arn:aws:s3:::parked' }),
      report: (problem) => void told.push(problem),
      system: skippingSystem(start),
    });
    await queue.add({ functionArn: 'arn:aws:lambda:::function:demo', event: {}, queuedAt: start });
    queue.stop();
    cutShort(functionError());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([entries.length, told]).toEqual([1, []]);
  });
});
