import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { StationItems } from '../../use-cases/ports/commands/station-items.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { stationFromItem } from '../dynamodb/station-item.ts';

/** Items of table stations. */
export const stationItems = (table: string, client: DynamoDBDocumentClient = documentClient()): StationItems => ({
  find: async (stationId) => {
    const key = { TableName: table, Key: { stationId }, ConsistentRead: true };
    const { Item } = await client.send(new GetCommand(key));
    return Item?.registration === undefined ? undefined : stationFromItem(Item);
  },
});
