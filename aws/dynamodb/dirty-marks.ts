import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { System } from '../../async/system.ts';
import { type DirtyMark, distinctMarks } from '../../domain/windows/dirty-mark.ts';
import type { DirtyMarks, PendingMark } from '../../use-cases/ports/dirty-marks.ts';
import { shardOf } from '../shard-of.ts';
import { batchWrite } from './batch-write.ts';
import { documentClient } from './document-client.ts';

/** Parts of the list, so that one partition need not take all writes. */
const PARTS = 8;
const AT_ONCE = 16;

const keyOf = ({ kind, key, startAt }: DirtyMark): string => `${kind}|${key}|${new Date(startAt).toISOString()}`;

const partOf = (text: string): string => `dirty#${shardOf(text, PARTS)}`;

/** Text no other marking has: two marks of one roll-up are told apart by it. */
const stampOf = ({ clock, random }: System): string =>
  `${clock().toString(36)}-${Math.floor(random() * Number.MAX_SAFE_INTEGER).toString(36)}`;

export const dirtyMarks = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): DirtyMarks => ({
  mark: async (marks) => {
    const items = distinctMarks(marks).map((mark) => ({
      subject: partOf(mark.key),
      entryKey: keyOf(mark),
      ...mark,
      stamp: stampOf(system),
      markedAt: system.clock(),
    }));
    await batchWrite(client, system, table, items);
  },
  pending: async (limit) => {
    const parts = Array.from({ length: PARTS }, (_, part) => `dirty#${part}`);
    const found = await pMap(
      parts,
      async (subject) => {
        const ofPart: PendingMark[] = [];
        const pages = paginateQuery(
          { client },
          {
            TableName: table,
            KeyConditionExpression: 'subject = :subject',
            ExpressionAttributeValues: { ':subject': subject },
            ConsistentRead: true,
            Limit: Math.ceil(limit / PARTS),
          },
        );
        for await (const { Items = [] } of pages) {
          for (const { kind, key, startAt, stamp, markedAt } of Items)
            ofPart.push({ kind, key, startAt, stamp, markedAt });
          if (ofPart.length >= limit / PARTS) break;
        }
        return ofPart;
      },
      { concurrency: PARTS },
    );
    return found.flat().slice(0, limit);
  },
  clear: async (marks) => {
    await pMap(
      marks,
      async (mark) => {
        try {
          await client.send(
            new DeleteCommand({
              TableName: table,
              Key: { subject: partOf(mark.key), entryKey: keyOf(mark) },
              ConditionExpression: 'stamp = :stamp',
              ExpressionAttributeValues: { ':stamp': mark.stamp },
            }),
          );
        } catch (error) {
          // Made again meanwhile (or cleared by an overlapping run): it stays for the next run.
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      },
      { concurrency: AT_ONCE },
    );
  },
});
