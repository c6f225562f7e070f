import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ExclusionSettings } from '../../use-cases/ports/exclusion-settings.ts';
import { documentClient } from './document-client.ts';

const scopeOf = (stationId: string): string => `exclusions#${stationId}`;

export const exclusionSettings = (
  table: string,
  client: DynamoDBDocumentClient = documentClient(),
): ExclusionSettings => ({
  of: async (stationId) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: { scope: scopeOf(stationId) }, ConsistentRead: true }),
    );
    return Item?.exclusions ?? [];
  },
  put: async (stationId, exclusions) => {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { scope: scopeOf(stationId) },
        UpdateExpression: 'SET exclusions = :exclusions',
        ExpressionAttributeValues: { ':exclusions': exclusions },
      }),
    );
  },
});
