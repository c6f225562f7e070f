import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { OverdueMailboxes } from '../../use-cases/ports/commands/overdue-mailboxes.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { shardOf } from '../shard-of.ts';

/** A partition of an index takes 1,000 writes a second: these many take those of a fleet that is commanded at once. */
const SHARDS = 8;
const PER_SHARD = 500;

/** Where a mailbox that is due stands in index `byDue`, which holds no other. */
export const dueKeys = (stationId: string, dueAt: number | undefined) => {
  if (dueAt === undefined) return {};
  return { dueShard: String(shardOf(stationId, SHARDS)), dueAt };
};

/** Overdue mailboxes by an index that holds only mailboxes with something due: what is on time costs no read. */
export const overdueMailboxes = (
  table: string,
  client: DynamoDBDocumentClient = documentClient(),
): OverdueMailboxes => ({
  before: async (instant) => {
    const shards = Array.from({ length: SHARDS }, async (_, shard) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byDue',
          KeyConditionExpression: 'dueShard = :shard AND dueAt < :instant',
          ExpressionAttributeValues: { ':shard': String(shard), ':instant': instant },
          Limit: PER_SHARD,
        }),
      );
      return Items.map(({ stationId, dueAt }) => ({ stationId: String(stationId), dueAt: Number(dueAt) }));
    });
    return (await Promise.all(shards)).flat();
  },
});
