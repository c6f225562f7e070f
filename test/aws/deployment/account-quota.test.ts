import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { describe, expect, it } from 'vitest';
import { accountQuota } from '../../../aws/deployment/account-quota.ts';

const named = (name: string): Error => Object.assign(new Error(name), { name });

/** An account that answers the applied quota, or throws; and the default. */
const account = (applied: number | Error, byDefault = 1_000) => ({
  send: async (command: unknown) => {
    if (command instanceof GetAWSDefaultServiceQuotaCommand) return { Quota: { Value: byDefault } };
    if (!(command instanceof GetServiceQuotaCommand)) throw new Error('Not asked for');
    if (applied instanceof Error) throw applied;
    return { Quota: { Value: applied } };
  },
});
// biome-ignore lint/suspicious/noExplicitAny: a client is one overloaded method here
const quota = (client: ReturnType<typeof account>) => accountQuota('lambdaConcurrency', client as any);

describe('a quota of the account', () => {
  it('is the one that is applied to it', async () => {
    expect(await quota(account(10))).toBe(10);
  });

  it('is the default of AWS when none was applied', async () => {
    expect(await quota(account(named('NoSuchResourceException'), 500))).toBe(500);
  });

  it('is unknown to credentials that may not ask', async () => {
    expect(await quota(account(named('AccessDeniedException')))).toBeUndefined();
  });

  it('is not guessed when AWS does not answer', async () => {
    await expect(quota(account(named('ServiceException')))).rejects.toThrow('ServiceException');
  });
});
