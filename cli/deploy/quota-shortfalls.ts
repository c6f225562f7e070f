import { type AccountQuota, quotaRequest } from '../../aws/deployment/account-quota.ts';
import type { Stage } from '../../lib/stages.ts';

export type QuotaFindings = {
  /** One line for each quota below the need, with the command that asks for more. */
  readonly shortfalls: readonly string[];
  /** One line for each quota that could not be read. */
  readonly unknown: readonly string[];
};

const words: Readonly<Record<AccountQuota, string>> = {
  lambdaConcurrency: 'Lambda executions at a time',
  newConnectionsPerSecond: 'new WebSocket connections per second',
};

/** Holds what a stage needs against what the account allows. */
export const quotaShortfalls = async (
  needs: Stage['needs'],
  allowed: (name: AccountQuota) => Promise<number | undefined>,
): Promise<QuotaFindings> => {
  const shortfalls: string[] = [];
  const unknown: string[] = [];
  for (const name of ['lambdaConcurrency', 'newConnectionsPerSecond'] as const) {
    const need = needs[name];
    const has = await allowed(name);
    if (has === undefined) unknown.push(`These credentials may not read how many ${words[name]} are allowed.`);
    else if (has < need)
      shortfalls.push(
        `The account allows ${has} ${words[name]}, the stage needs ${need}: ${quotaRequest(name, Math.max(need, 1_000))}`,
      );
  }
  return { shortfalls, unknown };
};
