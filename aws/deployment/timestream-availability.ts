import { ListDatabasesCommand, TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { callPolicies, clientConfig } from '../call-policy.ts';

/**
 * Whether this account and region may use Timestream for LiveAnalytics: accounts that did not before 20 June 2025 are
 * denied every call, and so are credentials without the right to list databases. Any other error is the caller's.
 */
export const timestreamIsOpen = async (
  client: Pick<TimestreamWriteClient, 'send'> = new TimestreamWriteClient(clientConfig(callPolicies.operator)),
): Promise<boolean> => {
  try {
    await client.send(new ListDatabasesCommand({ MaxResults: 1 }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return false;
    throw error;
  }
};
