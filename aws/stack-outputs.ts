import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { callPolicies, clientConfig } from './call-policy.ts';

/** What a deployed stack tells about itself: output key to value. */
export type StackOutputs = Readonly<Record<string, string>>;

/** Outputs of a stack of the account the environment's credentials are for; undefined when there is no such stack. */
export const stackOutputs = async (
  stackName: string,
  client: Pick<CloudFormationClient, 'send'> = new CloudFormationClient(clientConfig(callPolicies.operator)),
): Promise<StackOutputs | undefined> => {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const pairs = (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return Object.fromEntries(pairs);
  } catch (error) {
    // CloudFormation has no error of its own for this.
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined;
    throw error;
  }
};
