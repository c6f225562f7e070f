import { describe, expect, it } from 'vitest';
import type { AccountQuota } from '../../aws/deployment/account-quota.ts';
import { quotaShortfalls } from '../../cli/deploy/quota-shortfalls.ts';

const needs = { lambdaConcurrency: 50, newConnectionsPerSecond: 20 };
const account = (allowed: Partial<Record<AccountQuota, number>>) => async (name: AccountQuota) => allowed[name];

describe('the quotas of an account', () => {
  it('suffice when they are what the stage needs', async () => {
    expect(await quotaShortfalls(needs, account(needs))).toEqual({ shortfalls: [], unknown: [] });
  });

  it('fall short in a new account, and the command that asks for more is named', async () => {
    const found = await quotaShortfalls(needs, account({ lambdaConcurrency: 10, newConnectionsPerSecond: 500 }));
    expect(found.shortfalls).toEqual([
      'The account allows 10 Lambda executions at a time, the stage needs 50: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
    ]);
  });

  it('that may not be read are named, and nothing is concluded from them', async () => {
    expect(await quotaShortfalls(needs, account({ lambdaConcurrency: 1_000 }))).toEqual({
      shortfalls: [],
      unknown: ['These credentials may not read how many new WebSocket connections per second are allowed.'],
    });
  });
});
