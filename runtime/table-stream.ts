import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { inOrder } from '../async/in-order.ts';
import { plainImage } from '../aws/dynamodb/change-image.ts';
import { Rejected } from '../domain/kernel/rejected.ts';
import type { ParkedRecord } from '../use-cases/ports/parked-records.ts';
import type { SampledWarning } from '../use-cases/ports/sampled-warning.ts';
import type { TableChange } from '../use-cases/ports/table-change.ts';
import { lambda } from './lambda.ts';

type Intake<Item> = {
  /** Reads one change; undefined for one that is of no interest. Throws Rejected for one that is to be parked. */
  readonly read: (change: TableChange) => Item | undefined;
  readonly park: (record: ParkedRecord) => Promise<void>;
  readonly warn: SampledWarning;
};
/** Handles one change after the other per item of the table, different items side by side. Any error has it delivered again. */
export type KeyedConsumer<Item> = Intake<Item> & {
  readonly handle: (item: Item) => Promise<void>;
};
/**
 * Handles a batch as a whole, for consumers whose effects may come in any order and gain from being written together.
 * An error has all of it delivered again; Rejected makes it go through item by item, to park the one that is to blame.
 */
export type BatchConsumer<Item> = Intake<Item> & { readonly handle: (items: readonly Item[]) => Promise<void> };

type Arrived<Item> = { readonly record: DynamoDBRecord; readonly change: TableChange; readonly value: Item };

const CONCURRENCY = 16;

const changeOf = ({ dynamodb, eventSourceARN = '' }: DynamoDBRecord): TableChange => {
  const { Keys = {}, NewImage, OldImage, SequenceNumber = '' } = dynamodb ?? {};
  return {
    table: /:table\/([^/]+)/.exec(eventSourceARN)?.[1] ?? eventSourceARN,
    key: Object.values(plainImage(Keys)).join('#'),
    ...(NewImage === undefined ? {} : { item: plainImage(NewImage) }),
    ...(OldImage === undefined ? {} : { before: plainImage(OldImage) }),
    sequenceNumber: SequenceNumber,
  };
};

const parkedRecord = (record: DynamoDBRecord, reason: string): ParkedRecord => ({
  source: (record.eventSourceARN ?? '').replace(/\/stream\/.*$/, ''),
  shardId: 'stream',
  sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
  partitionKey: Object.values(plainImage(record.dynamodb?.Keys ?? {})).join('#'),
  reason,
  data: JSON.stringify(record),
});

const readAll = async <Item>(
  { Records }: DynamoDBStreamEvent,
  { read, park, warn }: Intake<Item>,
): Promise<readonly Arrived<Item>[]> => {
  const arrived: Arrived<Item>[] = [];
  for (const record of Records) {
    try {
      const change = changeOf(record);
      const value = read(change);
      if (value !== undefined) arrived.push({ record, change, value });
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      warn('parked', { reason: error.message });
      await park(parkedRecord(record, error.message));
    }
  }
  return arrived;
};

const response = (failed: readonly Arrived<unknown>[]): DynamoDBBatchResponse => {
  const [lowest] = failed.map(({ change }) => change.sequenceNumber).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A Lambda on a table's change stream that works key by key; a key stops at its first failure, Lambda restarts at the lowest. */
export const tableStream = <Item>(consumer: KeyedConsumer<Item>) =>
  lambda('table-stream', async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const { handle, park, warn } = consumer;
    const failures = await inOrder({
      items: await readAll(event, consumer),
      keyOf: ({ change }) => change.key,
      run: async (key, arrived) => {
        for (const { record, value } of arrived) {
          try {
            await handle(value);
          } catch (error) {
            if (!(error instanceof Rejected)) throw error;
            warn('parked', { key, reason: error.message });
            await park(parkedRecord(record, error.message));
          }
        }
      },
      runLength: 1,
      concurrency: CONCURRENCY,
      afterFailure: 'stop-key',
    });
    for (const { item, error } of failures) warn('failed', { key: item.change.key, error: textOf(error) });
    return response(failures.map(({ item }) => item));
  });

/** A Lambda on a table's change stream that writes the effects of a batch together. */
export const tableStreamBatch = <Item>(consumer: BatchConsumer<Item>) =>
  lambda('table-stream', async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const { handle, park, warn } = consumer;
    const arrived = await readAll(event, consumer);
    if (arrived.length === 0) return response([]);
    try {
      await handle(arrived.map(({ value }) => value));
      return response([]);
    } catch (error) {
      warn('failed', { records: arrived.length, error: textOf(error) });
      if (!(error instanceof Rejected)) return response(arrived);
    }
    for (const [index, { value, record }] of arrived.entries()) {
      try {
        await handle([value]);
      } catch (error) {
        if (!(error instanceof Rejected)) return response(arrived.slice(index));
        warn('parked', { reason: error.message });
        await park(parkedRecord(record, error.message));
      }
    }
    return response([]);
  });
