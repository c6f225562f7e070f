import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { SweepProgress } from '../../use-cases/ports/sweep-progress.ts';
import { documentClient } from './document-client.ts';

const SUBJECT = 'progress#roll-up';

/** Progress as items of table timeline, without expiry. */
export const sweepProgress = (table: string, client: DynamoDBDocumentClient = documentClient()): SweepProgress => ({
  all: async () => {
    const found = new Map<string, number>();
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        KeyConditionExpression: 'subject = :subject',
        ExpressionAttributeValues: { ':subject': SUBJECT },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages)
      for (const { entryKey, doneUntil } of Items) found.set(entryKey, doneUntil);
    return found;
  },
  put: async (work, doneUntil) => {
    await client.send(new PutCommand({ TableName: table, Item: { subject: SUBJECT, entryKey: work, doneUntil } }));
  },
});
