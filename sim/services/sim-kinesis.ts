import {
  KinesisClient,
  KinesisServiceException,
  PutRecordCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import { ServiceError } from '../../local/http/http-server.ts';
import { kinesisOperations } from '../../local/kinesis/kinesis-operations.ts';
import { kinesisReader } from '../../local/kinesis/kinesis-reader.ts';
import { streamInArn } from '../../local/kinesis/kinesis-stream.ts';
import { type Shard, type Shards, shardsOf } from '../../local/kinesis/shards.ts';
import type { Streams } from '../../local/kinesis/streams.ts';
import type { ShardReader } from '../../local/lambda/event-sources/poll-shards.ts';
import type { Account } from '../../local/template/template.ts';
import { handles, simClient } from './sim-client.ts';
import { happens, metadata, ordinaryConduct, type SimServiceContext } from './sim-service-context.ts';

/** What a shard takes within a second. */
const RECORDS_PER_SECOND = 1_000;
const BYTES_PER_SECOND = 1024 * 1024;
const MOST_RECORD_BYTES = 1024 * 1024;
const MOST_REQUEST_BYTES = 5 * 1024 * 1024;
const MOST_RECORDS = 500;
const MOST_KEY_LETTERS = 256;

export type StreamDefinition = { readonly name: string; readonly shards: number };

/** Kinesis of a simulated account. */
export type SimKinesis = {
  readonly client: KinesisClient;
  readonly send: KinesisClient['send'];
  /** Puts a record as a service does, a rule of a bus for instance: without a client, without faults. */
  readonly put: (stream: string, partitionKey: string, data: Uint8Array) => Promise<void>;
  /** Reads a stream in the form in which Lambda hands records over. */
  readonly reader: (streamArn: string, account: Account) => ShardReader;
  /** The shards of a stream, closed ones too. */
  readonly shards: (stream: string) => readonly Shard[];
  /** The open shards of a stream in the order of their hash keys. */
  readonly openShards: (stream: string) => readonly string[];
  /** Splits a shard in two halves. */
  readonly split: (stream: string, shardId: string) => void;
  readonly merge: (stream: string, shardId: string, adjacentShardId: string) => void;
};

const failure = (name: string, message: string): KinesisServiceException =>
  new KinesisServiceException({ name, message, $fault: 'client', $metadata: metadata(400) });

/** What a shard has taken in the second that began at `since`. */
type Taken = { since: number; records: number; bytes: number };

export const simKinesis = (definitions: readonly StreamDefinition[], context: SimServiceContext): SimKinesis => {
  const { now, random } = context;
  const conduct = context.conduct ?? (() => ordinaryConduct);
  const opened = new Map<string, Shards>(definitions.map(({ name, shards: count }) => [name, shardsOf(count, now)]));
  const listeners = new Map<string, (() => void)[]>();
  const taken = new Map<string, Taken>();

  const of = (stream: string): Shards => {
    const found = opened.get(stream);
    if (found === undefined) throw new ServiceError('ResourceNotFoundException', `Stream ${stream} not found`);
    return found;
  };
  const streams: Streams = {
    create: async (stream, count) => void opened.set(stream, shardsOf(count, now)),
    of,
    put: async (stream, partitionKey, data, explicitHashKey) => {
      const { shardId, record } = of(stream).put(partitionKey, data, explicitHashKey);
      for (const listener of listeners.get(stream) ?? []) listener();
      return { shardId, sequenceNumber: record.sequenceNumber };
    },
    split: async (stream, shardId, hashKey) => of(stream).split(shardId, hashKey),
    merge: async (stream, shardId, adjacentShardId) => of(stream).merge(shardId, adjacentShardId),
  };
  const operations = kinesisOperations(streams, now);

  const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
    try {
      return await operations(`Kinesis_20131202.${operation}`, input);
    } catch (error) {
      throw error instanceof ServiceError ? failure(error.code, error.message) : error;
    }
  };

  /** Takes note of a record on its way to a shard; false when the shard has had its share of this second. */
  const hasRoom = (stream: string, partitionKey: string, bytes: number): boolean => {
    const name = `${stream}/${of(stream).shardFor(partitionKey).shardId}`;
    const second = Math.floor(now() / 1_000);
    const so = taken.get(name);
    const current = so?.since === second ? so : { since: second, records: 0, bytes: 0 };
    if (current.records + 1 > RECORDS_PER_SECOND || current.bytes + bytes > BYTES_PER_SECOND) return false;
    taken.set(name, { since: second, records: current.records + 1, bytes: current.bytes + bytes });
    return true;
  };
  const exceeded = (stream: string): string =>
    `Rate exceeded for shard in stream ${stream} under account. Consider using PutRecords with retries.`;

  const nameOf = ({ StreamName, StreamARN }: { StreamName?: string | undefined; StreamARN?: string | undefined }) =>
    StreamName ?? (StreamARN === undefined ? '' : streamInArn(StreamARN));
  const wire = ({ PartitionKey, Data, ExplicitHashKey }: PutRecordsRequestEntry) => {
    if (Data === undefined) throw failure('ValidationException', 'Data must not be null');
    if (Data.length > MOST_RECORD_BYTES) throw failure('ValidationException', 'A record may have 1 MB at most');
    if (PartitionKey === undefined || PartitionKey === '' || PartitionKey.length > MOST_KEY_LETTERS)
      throw failure('ValidationException', `PartitionKey must have 1 to ${MOST_KEY_LETTERS} characters`);
    return {
      PartitionKey,
      Data: Buffer.from(Data).toString('base64'),
      ...(ExplicitHashKey !== undefined && { ExplicitHashKey }),
    };
  };
  const bytesOf = ({ PartitionKey = '', Data }: PutRecordsRequestEntry): number =>
    Buffer.byteLength(PartitionKey) + (Data?.length ?? 0);

  const put = async (stream: string, entry: PutRecordsRequestEntry) => {
    const record = wire(entry);
    if (!opened.has(stream)) throw failure('ResourceNotFoundException', `Stream ${stream} not found`);
    if (!hasRoom(stream, record.PartitionKey, bytesOf(entry)))
      throw failure('ProvisionedThroughputExceededException', exceeded(stream));
    const { ShardId, SequenceNumber } = await call('PutRecord', { StreamName: stream, ...record });
    return { ShardId: String(ShardId), SequenceNumber: String(SequenceNumber) };
  };

  const client = simClient(KinesisClient, 'kinesis', context, [
    handles(PutRecordCommand, (input) => put(nameOf(input), input)),
    handles(PutRecordsCommand, async (input) => {
      const stream = nameOf(input);
      const records = input.Records ?? [];
      if (records.length === 0 || records.length > MOST_RECORDS)
        throw failure('ValidationException', `Records must have 1 to ${MOST_RECORDS} members`);
      if (records.reduce((sum, record) => sum + bytesOf(record), 0) > MOST_REQUEST_BYTES)
        throw failure('InvalidArgumentException', 'Records size exceeds 5 MB limit');
      for (const record of records) wire(record);
      const Records: PutRecordsResultEntry[] = [];
      // One after the other, but a record that fails does not keep back those behind it.
      for (const record of records)
        try {
          if (happens(conduct().deferred, random))
            throw failure('ProvisionedThroughputExceededException', exceeded(stream));
          Records.push(await put(stream, record));
        } catch (error) {
          if (!(error instanceof KinesisServiceException) || error.name !== 'ProvisionedThroughputExceededException')
            throw error;
          Records.push({ ErrorCode: error.name, ErrorMessage: error.message });
        }
      return { FailedRecordCount: Records.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Records };
    }),
  ]);

  return {
    client,
    send: client.send,
    put: async (stream, PartitionKey, Data) => void (await put(stream, { PartitionKey, Data })),
    reader: (streamArn, account) => {
      const stream = streamInArn(streamArn);
      const reader = kinesisReader((target, input) => operations(target, input), streamArn, account);
      return {
        ...reader,
        onWritten: (listener) => void listeners.set(stream, [...(listeners.get(stream) ?? []), listener]),
        handled: of(stream).addReader(),
      };
    },
    shards: (stream) => of(stream).all(),
    openShards: (stream) =>
      of(stream)
        .all()
        .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined)
        .toSorted((one, next) => (one.hashRange[0] < next.hashRange[0] ? -1 : 1))
        .map(({ shardId }) => shardId),
    split: (stream, shardId) => {
      const [first, last] = of(stream).find(shardId).hashRange;
      of(stream).split(shardId, String((first + last) / 2n + 1n));
    },
    merge: (stream, shardId, adjacentShardId) => of(stream).merge(shardId, adjacentShardId),
  };
};
