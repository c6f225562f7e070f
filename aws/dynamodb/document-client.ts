import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type CallPolicy, callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';

/** A DynamoDB client that speaks plain objects; absent properties are left out of the item. */
export class DocumentClient extends DynamoDBDocumentClient {
  constructor(configuration: DynamoDBClientConfig) {
    super(new DynamoDBClient(configuration), { marshallOptions: { removeUndefinedValues: true } });
  }
}

export const documentClient = (
  policy: CallPolicy = callPolicies.operator,
  open: OpenClient = openClient,
): DynamoDBDocumentClient => open(DocumentClient, policy);
