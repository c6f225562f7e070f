import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { callPolicies, clientConfig } from './call-policy.ts';

/** What a deployed stack tells about itself: output key to value. */
export type StackOutputs = Readonly<Record<string, string>>;

type Asked = Pick<CloudFormationClient, 'send'>;

/** A stack of the account the environment's credentials are for, as CloudFormation describes it; undefined when there is none. */
export const describedStack = async (stackName: string, client: Asked): Promise<Stack | undefined> => {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks?.[0];
  } catch (error) {
    // CloudFormation has no error of its own for this.
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined;
    throw error;
  }
};

/** Outputs of a stack; undefined when there is no such stack. */
export const stackOutputs = async (
  stackName: string,
  client: Asked = new CloudFormationClient(clientConfig(callPolicies.operator)),
): Promise<StackOutputs | undefined> => {
  const stack = await describedStack(stackName, client);
  const pairs = stack?.Outputs?.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]) ?? [];
  return stack && Object.fromEntries(pairs);
};
