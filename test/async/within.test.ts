import { describe, expect, it } from 'vitest';
import { within } from '../../async/within.ts';
import { system } from '../../runtime/system.ts';

describe('work within a limit', () => {
  it('gives its result, and the timer is stopped', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const sleep = (_durationMs: number, signal?: AbortSignal): Promise<void> => {
      signals.push(signal);
      return new Promise(() => {});
    };
    expect(await within(Promise.resolve('done'), 1_000, sleep)).toBe('done');
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('fails with its own error', async () => {
    await expect(within(Promise.reject(new Error('no table')), 1_000, system.sleep)).rejects.toThrow('no table');
  });

  it('is given up after the limit, and a rejection after that is not reported as unhandled', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    await expect(within(promise, 5, system.sleep)).rejects.toThrow('Not done within 5 ms');
    reject(new Error('late'));
    await system.sleep(1);
  });
});
