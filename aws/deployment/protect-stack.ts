import {
  CloudFormationClient,
  paginateListStackResources,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { callPolicies, clientConfig } from '../call-policy.ts';

/**
 * Protects a deployed stack and its tables against deletion, and returns the names of the tables. After the deployment and
 * not in the template: a stack that cannot be deleted, or a table, would outlive a first deployment that failed, and no
 * second one could begin. To be repeated after every deployment, which may have brought new tables.
 */
export const protectStack = async (
  stackName: string,
  cloudformation = new CloudFormationClient(clientConfig(callPolicies.operator)),
  dynamodb: Pick<DynamoDBClient, 'send'> = new DynamoDBClient(clientConfig(callPolicies.operator)),
): Promise<readonly string[]> => {
  await cloudformation.send(
    new UpdateTerminationProtectionCommand({ StackName: stackName, EnableTerminationProtection: true }),
  );
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
