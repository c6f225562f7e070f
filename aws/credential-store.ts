import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CredentialStore } from '../use-cases/ports/credential-store.ts';
import { documentClient } from './dynamodb/document-client.ts';

/** Credentials in DynamoDB, in a table that has no change stream. */
export const credentialStore = (table: string, client: DynamoDBDocumentClient = documentClient()): CredentialStore => ({
  find: async (stationId) => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: { stationId }, ConsistentRead: true }));
    return Item?.credential;
  },
  put: async (stationId, credential) => {
    await client.send(new PutCommand({ TableName: table, Item: { stationId, credential } }));
  },
  remove: async (stationId) => {
    await client.send(new DeleteCommand({ TableName: table, Key: { stationId } }));
  },
});
