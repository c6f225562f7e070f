import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { inOrder } from '../async/in-order.ts';
import { Rejected } from '../domain/kernel/rejected.ts';
import type { SampledWarning } from '../use-cases/ports/sampled-warning.ts';
import { lambda } from './lambda.ts';

/** Where a record stands. */
export type Position = {
  readonly source: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
};

export type Decoded<T> = {
  readonly key: string;
  readonly position: Position;
  readonly data: string;
  readonly value: T;
};

export type KinesisConsumer<T> = {
  /** Reads one record; throws Rejected for one that is to be parked. */
  readonly decode: (data: string, position: Position) => { readonly key: string; readonly value: T };
  /** Handles records of one key, in order. Any error has them delivered again. */
  readonly handle: (key: string, records: readonly Decoded<T>[]) => Promise<void>;
  readonly park: (record: Position & { readonly reason: string; readonly data: string }) => Promise<void>;
  readonly warn: SampledWarning;
  /**
   * Waits before failed records are given back, where that may help: an event source counts attempts, not time, and would
   * park good records within seconds of a store's outage.
   */
  readonly backOff: (errors: readonly unknown[]) => Promise<unknown>;
};

const RUN_LENGTH = 200;
const CONCURRENCY = 16;

const positionOf = ({
  eventSourceARN,
  eventID,
  kinesis: { sequenceNumber, partitionKey },
}: KinesisStreamRecord): Position => ({
  source: eventSourceARN,
  shardId: eventID.slice(0, eventID.indexOf(':')),
  sequenceNumber,
  partitionKey,
});

const lowest = (sequenceNumbers: readonly string[]): string | undefined =>
  sequenceNumbers.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))[0];

/** Decodes a batch; a record that cannot be read is parked at once, so that it neither blocks its shard nor vanishes. */
const decodeAll = async <T>(
  { Records }: KinesisStreamEvent,
  { decode, park, warn }: KinesisConsumer<T>,
): Promise<readonly Decoded<T>[]> => {
  const decoded: Decoded<T>[] = [];
  for (const record of Records) {
    const position = positionOf(record);
    const data = Buffer.from(record.kinesis.data, 'base64').toString('utf8');
    try {
      decoded.push({ ...decode(data, position), position, data });
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      warn('parked', { key: position.partitionKey, reason: error.message });
      await park({ ...position, reason: error.message, data });
    }
  }
  return decoded;
};

/** A Lambda on a Kinesis stream: one key's records in order, a key stops at its first failure, Lambda restarts at the lowest. */
export const kinesis = <T>(consumer: KinesisConsumer<T>) =>
  lambda('kinesis', async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const failures = await inOrder({
      items: await decodeAll(event, consumer),
      keyOf: ({ key }) => key,
      run: consumer.handle,
      runLength: RUN_LENGTH,
      concurrency: CONCURRENCY,
      afterFailure: 'stop-key',
    });
    for (const { item, error } of failures) {
      consumer.warn('failed', { key: item.key, error: error instanceof Error ? error.message : String(error) });
    }
    if (failures.length > 0) await consumer.backOff(failures.map(({ error }) => error));
    const itemIdentifier = lowest(failures.map(({ item }) => item.position.sequenceNumber));
    return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
  });
