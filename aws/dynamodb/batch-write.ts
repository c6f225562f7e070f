import { BatchWriteCommand, type BatchWriteCommandOutput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import { retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import { Deferred, untilComplete } from './deferred.ts';

const PUTS_PER_REQUEST = 25;
const REQUESTS_AT_ONCE = 4;

type Item = Readonly<Record<string, unknown>>;
type Requests = NonNullable<BatchWriteCommandOutput['UnprocessedItems']>[string];

/**
 * Puts items unconditionally, 25 at a time; items the service deferred are written again. Keys must be distinct.
 * Throws Deferred when some are still not written.
 */
export const batchWrite = async (
  client: DynamoDBDocumentClient,
  system: System,
  table: string,
  items: readonly Item[],
): Promise<void> => {
  const writeBatch = async (batch: readonly Item[]): Promise<void> => {
    let pending: Requests = batch.map((Item) => ({ PutRequest: { Item: { ...Item } } }));
    const writePending = async (): Promise<void> => {
      const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [table]: pending } }));
      pending = UnprocessedItems?.[table] ?? [];
      if (pending.length > 0) throw new Deferred(`${pending.length} items of ${table} are not written`);
    };
    await retry(writePending, untilComplete, system);
  };
  await pMap(chunksOf(items, PUTS_PER_REQUEST), writeBatch, { concurrency: REQUESTS_AT_ONCE });
};
