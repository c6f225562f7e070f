import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { StationConnectivity } from '../../use-cases/ports/station-connectivity.ts';
import { documentClient } from './document-client.ts';

/** Connectivity in DynamoDB: whatever changes it is one conditional UpdateItem, without a read before. */
export const stationConnectivity = (
  table: string,
  client: DynamoDBDocumentClient = documentClient(),
): StationConnectivity => ({
  newest: async (stationId) => {
    const { Item } = await client.send(
      new GetCommand({
        TableName: table,
        Key: { stationId },
        ConsistentRead: true,
        ProjectionExpression: 'connectivity',
      }),
    );
    return Item?.connectivity;
  },
  open: async ({ stationId, connectionId, ocpp, transport, at }) => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET connectivity = :opened, lastSeenAt = :at',
          ConditionExpression:
            'attribute_exists(registration) AND (attribute_not_exists(connectivity) OR connectivity.connectedAt <= :at)',
          ExpressionAttributeValues: { ':opened': { connectionId, ocpp, transport, connectedAt: at }, ':at': at },
          ReturnValues: 'UPDATED_OLD',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return Attributes?.connectivity === undefined
        ? { outcome: 'recorded' }
        : { outcome: 'recorded', previous: Attributes.connectivity };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { outcome: error.Item?.registration === undefined ? 'unknownStation' : 'outdated' };
    }
  },
  close: async ({ stationId, connectionId, at }) => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET connectivity.disconnectedAt = :at REMOVE connectivity.connectionId',
          ConditionExpression: 'connectivity.connectionId = :connectionId',
          ExpressionAttributeValues: { ':connectionId': connectionId, ':at': at },
          ReturnValues: 'ALL_OLD',
        }),
      );
      const { ocpp, transport } = Attributes?.connectivity ?? {};
      return { ocpp, transport };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return undefined;
    }
  },
  seen: async (stationId, at, notedBefore) => {
    try {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { stationId },
          UpdateExpression: 'SET lastSeenAt = :at',
          ConditionExpression:
            'attribute_exists(registration) AND (attribute_not_exists(lastSeenAt) OR lastSeenAt <= :notedBefore)',
          ExpressionAttributeValues: { ':at': at, ':notedBefore': notedBefore },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return at;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const noted = error.Item?.lastSeenAt?.N;
      return error.Item?.registration === undefined || noted === undefined ? undefined : Number(noted);
    }
  },
});
