import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type ActiveTags, MAX_SESSIONS_PER_TAG } from '../../use-cases/ports/tag-list.ts';
import { documentClient } from './document-client.ts';
import { tagKey } from './tag-list.ts';

/** One more than any tag may have; the connector that asks is among them when it repeats its start. */
const ENOUGH = MAX_SESSIONS_PER_TAG + 1;

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
