import { describe, expect, it } from 'vitest';
import { timestreamIsOpen } from '../../../aws/deployment/timestream-is-open.ts';

const named = (name: string): Error => Object.assign(new Error(name), { name });
const account = (answer: () => unknown) => ({ send: async () => answer() });
const fails = (error: Error) =>
  account(() => {
    throw error;
  });
// biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
const isOpen = (client: ReturnType<typeof account>) => timestreamIsOpen(client as any);

describe('Timestream', () => {
  it('is open to an account whose databases it lists', async () => {
    expect(await isOpen(account(() => ({ Databases: [] })))).toBe(true);
  });

  it.each([
    ['the call is denied', named('AccessDeniedException')],
    [
      'the search for its address is denied',
      Object.assign(new Error('The operation to discover endpoint failed'), { reason: named('AccessDeniedException') }),
    ],
    [
      'the region has no such host',
      Object.assign(new Error('The operation to discover endpoint failed'), {
        reason: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }),
      }),
    ],
  ])('is closed when %s', async (_what, error) => {
    expect(await isOpen(fails(error))).toBe(false);
  });

  it('is not known when it does not answer', async () => {
    await expect(isOpen(fails(named('TimeoutError')))).rejects.toThrow('TimeoutError');
  });
});
