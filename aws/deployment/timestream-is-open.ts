import { ListDatabasesCommand, TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { callPolicies, clientConfig } from '../call-policy.ts';

/**
 * Whether this account and region may use Timestream for LiveAnalytics: accounts that did not before 20 June 2025 are
 * denied every call, and so are credentials without the right to list databases; a region without the service has no host of
 * its name. Any other error is the caller's.
 */
export const timestreamIsOpen = async (
  client: Pick<TimestreamWriteClient, 'send'> = new TimestreamWriteClient(clientConfig(callPolicies.operator)),
): Promise<boolean> => {
  try {
    await client.send(new ListDatabasesCommand({ MaxResults: 1 }));
    return true;
  } catch (error) {
    if (refusals(error).some(({ name, code }) => name === 'AccessDeniedException' || code === 'ENOTFOUND'))
      return false;
    throw error;
  }
};

/** An error and those behind it: the SDK asks for the address first, and tells what that said as the reason of its own error. */
const refusals = (error: unknown): { readonly name?: unknown; readonly code?: unknown }[] => {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error ? error.code : undefined;
  return [{ name: error.name, code }, ...refusals('reason' in error ? error.reason : error.cause)];
};
