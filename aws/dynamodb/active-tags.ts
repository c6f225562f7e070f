import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ActiveTags } from '../../use-cases/ports/tag-list.ts';
import { documentClient } from './document-client.ts';
import { tagKey } from './tag-list.ts';

const ENOUGH = 5;

/** Active tags in DynamoDB. */
export const activeTags = (table: string, client: DynamoDBDocumentClient = documentClient()): ActiveTags => ({
  connectorsOf: async (tag) => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byActiveTag',
        KeyConditionExpression: 'activeTag = :tag',
        ExpressionAttributeValues: { ':tag': tagKey(tag) },
        Limit: ENOUGH,
      }),
    );
    return (Items ?? []).map(({ stationId, connectorKey }) => ({ stationId, connectorKey }));
  },
});
