import { BatchGetCommand, type BatchGetCommandOutput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import { retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import { Deferred, untilComplete } from './deferred.ts';

const KEYS_PER_REQUEST = 100;
const REQUESTS_AT_ONCE = 5;

type Keys = readonly Record<string, string | number>[];
type Items = NonNullable<BatchGetCommandOutput['Responses']>[string];
type Reading = {
  readonly isConsistent?: boolean;
  /** Attributes that are read, all of them if left out: of large items the others take most of the time. */
  readonly attributes?: readonly string[];
};

/** The part of a request that says which attributes it reads. */
export const projection = (attributes: readonly string[]) => ({
  ProjectionExpression: attributes.map((_, index) => `#${index}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(attributes.map((name, index) => [`#${index}`, name])),
});

/**
 * Items of one table by their distinct keys, in no particular order, missing ones left out; deferred keys are asked for again.
 * Throws Deferred when some are still not read.
 */
export const batchGet = async (
  client: DynamoDBDocumentClient,
  system: System,
  table: string,
  keys: Keys,
  { isConsistent = false, attributes }: Reading = {},
): Promise<Items> => {
  const asked = { ConsistentRead: isConsistent, ...(attributes && projection(attributes)) };
  const read = async (chunk: Keys): Promise<Items> => {
    const found: Items = [];
    let pending: Items = [...chunk];
    const readPending = async (): Promise<void> => {
      const { Responses, UnprocessedKeys }: BatchGetCommandOutput = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { ...asked, Keys: pending } } }),
      );
      found.push(...(Responses?.[table] ?? []));
      pending = UnprocessedKeys?.[table]?.Keys ?? [];
      if (pending.length > 0) throw new Deferred(`${pending.length} keys of ${table} are not read`);
    };
    await retry(readPending, untilComplete, system);
    return found;
  };
  return (await pMap(chunksOf(keys, KEYS_PER_REQUEST), read, { concurrency: REQUESTS_AT_ONCE })).flat();
};
