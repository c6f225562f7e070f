import { BatchGetCommand, type BatchGetCommandOutput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const KEYS_PER_REQUEST = 100;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 25;

type Keys = readonly Record<string, string | number>[];
type Items = NonNullable<BatchGetCommandOutput['Responses']>[string];

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const getBatch = async (client: DynamoDBDocumentClient, table: string, keys: Keys): Promise<Items> => {
  const found: Items = [];
  let pending: Items | undefined = [...keys];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const output: BatchGetCommandOutput = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: pending } } }),
    );
    found.push(...(output.Responses?.[table] ?? []));
    pending = output.UnprocessedKeys?.[table]?.Keys;
    if (pending === undefined || pending.length === 0) return found;
    await pause(FIRST_PAUSE_MS * 2 ** attempt);
  }
  throw new Error(
    `DynamoDB left ${pending.length} of ${keys.length} keys of ${table} unread after ${ATTEMPTS} attempts`,
  );
};

/** Items of one table by their distinct keys, in no particular order, missing ones left out; deferred keys are asked for again. */
export const batchGet = async (client: DynamoDBDocumentClient, table: string, keys: Keys): Promise<Items> => {
  const found: Items = [];
  for (let start = 0; start < keys.length; start += KEYS_PER_REQUEST)
    found.push(...(await getBatch(client, table, keys.slice(start, start + KEYS_PER_REQUEST))));
  return found;
};
