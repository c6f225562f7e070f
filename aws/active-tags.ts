import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from './document-client.ts';
import { tagKey } from './tag-list.ts';

/** Which connectors have an open session of a tag right now (table connectors, index byActiveTag; ms behind the table). */
export type ActiveTags = {
  /** Stations and connector keys ("evseId#connectorId"), at most a handful. */
  readonly connectorsOf: (
    tag: string,
  ) => Promise<readonly { readonly stationId: string; readonly connectorKey: string }[]>;
};

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
