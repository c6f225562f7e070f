import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Progress, SweepProgress } from '../../use-cases/ports/sweep/sweep-progress.ts';
import { documentClient } from './document-client.ts';

const KEY = { subject: 'progress', entryKey: 'roll-up' };

/** Progress as one item of table timeline, without expiry: it is written every minute. */
export const sweepProgress = (table: string, client: DynamoDBDocumentClient = documentClient()): SweepProgress => ({
  read: async () => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
    // Items of this key have one writer: what it wrote is what comes back.
    return Item === undefined ? undefined : ({ whole: Item.whole, segments: Item.segments } as Progress);
  },
  put: async ({ whole, segments }) => {
    await client.send(new PutCommand({ TableName: table, Item: { ...KEY, whole, segments } }));
  },
});
