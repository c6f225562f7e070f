import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type CallPolicy, callPolicies, clientConfig } from '../call-policy.ts';

/** A DynamoDB client that speaks plain objects; absent properties are left out of the item. */
export const documentClient = (policy: CallPolicy = callPolicies.operator): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(policy)), {
    marshallOptions: { removeUndefinedValues: true },
  });
