import { BatchWriteCommand, type BatchWriteCommandOutput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';

const PUTS_PER_REQUEST = 25;
const REQUESTS_AT_ONCE = 4;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 25;

type Item = Readonly<Record<string, unknown>>;
type Requests = NonNullable<BatchWriteCommandOutput['UnprocessedItems']>[string];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const writeBatch = async (client: DynamoDBDocumentClient, table: string, items: readonly Item[]): Promise<void> => {
  let pending: Requests = items.map((Item) => ({ PutRequest: { Item: { ...Item } } }));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [table]: pending } }));
    pending = UnprocessedItems?.[table] ?? [];
    if (pending.length === 0) return;
    await pause(FIRST_PAUSE_MS * 2 ** attempt);
  }
  throw new Error(
    `DynamoDB left ${pending.length} of ${items.length} items of ${table} unwritten after ${ATTEMPTS} attempts`,
  );
};

/** Puts items unconditionally, 25 at a time; items the service deferred are written again. Keys must be distinct. */
export const batchWrite = async (
  client: DynamoDBDocumentClient,
  table: string,
  items: readonly Item[],
): Promise<void> => {
  await pMap(chunksOf(items, PUTS_PER_REQUEST), (batch) => writeBatch(client, table, batch), {
    concurrency: REQUESTS_AT_ONCE,
  });
};
