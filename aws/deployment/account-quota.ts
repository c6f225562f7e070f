import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { callPolicies, clientConfig } from '../call-policy.ts';

/** A quota of an account in a region that new accounts have little of, and the command line that asks for more. */
export type AccountQuota = 'lambdaConcurrency' | 'newConnectionsPerSecond';

const quotas = {
  lambdaConcurrency: { ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' },
  newConnectionsPerSecond: { ServiceCode: 'apigateway', QuotaCode: 'L-9ED1E49A' },
} as const satisfies Record<AccountQuota, { ServiceCode: string; QuotaCode: string }>;

/** What this account may use in this region; undefined when these credentials may not ask. */
export const accountQuota = async (
  name: AccountQuota,
  client: Pick<ServiceQuotasClient, 'send'> = new ServiceQuotasClient(clientConfig(callPolicies.operator)),
): Promise<number | undefined> => {
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(quotas[name]));
    return Quota?.Value;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'AccessDeniedException') return undefined;
    // A quota that was never raised may be known by its default only.
    if (error.name !== 'NoSuchResourceException') throw error;
    const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(quotas[name]));
    return Quota?.Value;
  }
};

/** The command that asks AWS for more of a quota. */
export const quotaRequest = (name: AccountQuota, desired: number): string =>
  `aws service-quotas request-service-quota-increase --service-code ${quotas[name].ServiceCode} --quota-code ${quotas[name].QuotaCode} --desired-value ${desired}`;
