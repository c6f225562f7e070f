import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { documentClient } from './document-client.ts';

/**
 * How far work that must not skip anything has come: per site, the end of the last local day whose uptime is recorded, and by
 * its name a series whose windows nothing else would repeat.
 */
export type SweepProgress = {
  readonly all: () => Promise<ReadonlyMap<string, number>>;
  readonly put: (work: string, doneUntil: number) => Promise<void>;
};

const SUBJECT = 'progress#uptime_1d';

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
