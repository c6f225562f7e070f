import {
  CloudFormationClient,
  paginateListStackResources,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { callPolicies, clientConfig } from '../call-policy.ts';
import { describedStack } from '../stack-outputs.ts';

/** Whether a first deployment was completed, whatever became of later ones. */
const wasCreated = (status = ''): boolean => status === 'CREATE_COMPLETE' || status.startsWith('UPDATE_');

/**
 * Protects a stack that was deployed once against deletion, and returns whether it was. After the deployment and not in the
 * template: a stack that cannot be deleted would outlive a first deployment that failed, and no second one could begin. To be
 * repeated after every deployment, also one that failed: cdk takes away a protection of which the template says nothing, before
 * it changes anything.
 */
export const protectStack = async (
  stackName: string,
  cloudformation = new CloudFormationClient(clientConfig(callPolicies.operator)),
): Promise<boolean> => {
  const stack = await describedStack(stackName, cloudformation);
  if (!wasCreated(stack?.StackStatus)) return false;
  await cloudformation.send(
    new UpdateTerminationProtectionCommand({ StackName: stackName, EnableTerminationProtection: true }),
  );
  return true;
};

/**
 * Protects the tables of a stack against deletion, for the same reason after the deployment, and returns their names. To be
 * repeated after every deployment, which may have brought new tables.
 */
export const protectTables = async (
  stackName: string,
  cloudformation = new CloudFormationClient(clientConfig(callPolicies.operator)),
  dynamodb: Pick<DynamoDBClient, 'send'> = new DynamoDBClient(clientConfig(callPolicies.operator)),
): Promise<readonly string[]> => {
  const tables: string[] = [];
  for await (const { StackResourceSummaries } of paginateListStackResources(
    { client: cloudformation },
    { StackName: stackName },
  ))
    for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries ?? [])
      if (ResourceType === 'AWS::DynamoDB::Table' && PhysicalResourceId !== undefined) tables.push(PhysicalResourceId);
  // One after the other: DynamoDB takes few changes of tables at a time.
  for (const TableName of tables)
    await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  return tables;
};
