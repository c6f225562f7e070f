import { z } from 'zod';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { ServiceError } from '../http/http-server.ts';
import type { Shard, Shards } from './shards.ts';
import type { Streams } from './streams.ts';

/** Kinesis's quotas for one record and one PutRecords. */
const largestRecordBytes = 1024 * 1024;
const largestBatch = 500;
/** An iterator works for this long. */
const iteratorLifeMs = 5 * 60_000;

const Stream = z.looseObject({ StreamName: z.string().optional(), StreamARN: z.string().optional() });
const Put = z.looseObject({
  PartitionKey: z.string().min(1).max(256),
  Data: z.string(),
  ExplicitHashKey: z.string().regex(/^\d+$/).optional(),
});
// Made once: a schema costs more than what it checks.
const Puts = z.looseObject({ Records: z.array(Put).min(1).max(largestBatch) });
const Reading = z.looseObject({
  ShardIterator: z.string(),
  Limit: z.number().int().min(1).max(10_000).default(10_000),
});
const Starting = z.looseObject({
  ShardIteratorType: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'AT_TIMESTAMP']),
  StartingSequenceNumber: z.string().optional(),
  Timestamp: z.number().optional(),
});
const Iterator = z.object({ stream: z.string(), shardId: z.string(), position: z.number(), madeAt: z.number() });

/**
 * The operations of Kinesis. Written for this runtime: kinesalite takes dozens of turns of the event loop per record behind
 * one lock per stream, and made a put wait for seconds while 500 chargers connected.
 */
export const kinesisOperations = (streams: Streams, clock: () => number): AwsJsonCall => {
  const parsed = <Shape>(shape: z.ZodType<Shape>, input: object): Shape => {
    const result = shape.safeParse(input);
    if (result.success) return result.data;
    throw new ServiceError('ValidationException', z.prettifyError(result.error));
  };
  const nameIn = (input: object): string => {
    const { StreamName, StreamARN } = parsed(Stream, input);
    return StreamName ?? StreamARN?.replace(/^.*:stream\//, '') ?? '';
  };
  const streamOf = (input: object): Shards => streams.of(nameIn(input));
  const put = async (stream: string, { PartitionKey, Data, ExplicitHashKey }: z.infer<typeof Put>) => {
    if (Buffer.byteLength(Data, 'base64') > largestRecordBytes)
      throw new ServiceError('ValidationException', 'A record may have 1 MB at most');
    const { shardId, sequenceNumber } = await streams.put(stream, PartitionKey, Data, ExplicitHashKey);
    return { ShardId: shardId, SequenceNumber: sequenceNumber };
  };
  const iteratorAt = (stream: string, shardId: string, position: number): string =>
    Buffer.from(JSON.stringify({ stream, shardId, position, madeAt: clock() })).toString('base64');
  const described = ({ shardId, parents, hashRange, startingSequenceNumber, endingSequenceNumber }: Shard) => ({
    ShardId: shardId,
    ParentShardId: parents[0],
    AdjacentParentShardId: parents[1],
    HashKeyRange: { StartingHashKey: String(hashRange[0]), EndingHashKey: String(hashRange[1]) },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber,
      EndingSequenceNumber: endingSequenceNumber,
    },
  });

  /** Where in the shard an iterator of the wanted type starts, counted from the first record ever put. */
  const positionOf = (shard: Shard, input: object): number => {
    const { ShardIteratorType, StartingSequenceNumber = '', Timestamp = 0 } = parsed(Starting, input);
    const from = (wanted: (record: Shard['records'][number]) => boolean) => {
      const index = shard.records.findIndex(wanted);
      return shard.dropped + (index < 0 ? shard.records.length : index);
    };
    switch (ShardIteratorType) {
      case 'TRIM_HORIZON':
        return shard.dropped;
      case 'LATEST':
        return shard.dropped + shard.records.length;
      case 'AT_SEQUENCE_NUMBER':
        return from(({ sequenceNumber }) => sequenceNumber >= StartingSequenceNumber);
      case 'AFTER_SEQUENCE_NUMBER':
        return from(({ sequenceNumber }) => sequenceNumber > StartingSequenceNumber);
      case 'AT_TIMESTAMP':
        return from(({ arrivedAt }) => arrivedAt >= Timestamp * 1_000);
    }
  };

  const read = (input: object) => {
    const { ShardIterator, Limit } = parsed(Reading, input);
    const iterator = Iterator.safeParse(jsonIn(ShardIterator));
    if (!iterator.success) throw new ServiceError('InvalidArgumentException', 'Invalid ShardIterator.');
    const { stream, shardId, position, madeAt } = iterator.data;
    if (clock() - madeAt > iteratorLifeMs) throw new ServiceError('ExpiredIteratorException', 'Iterator expired.');
    const shard = streams.of(stream).find(shardId);
    const first = Math.max(0, position - shard.dropped);
    const records = shard.records.slice(first, first + Limit);
    const end = first + records.length;
    const drained = shard.endingSequenceNumber !== undefined && end === shard.records.length;
    const newest = shard.records.at(-1)?.arrivedAt ?? clock();
    return {
      MillisBehindLatest: end === shard.records.length ? 0 : newest - (records.at(-1)?.arrivedAt ?? newest),
      NextShardIterator: drained ? undefined : iteratorAt(stream, shardId, shard.dropped + end),
      Records: records.map(({ sequenceNumber, partitionKey, data, arrivedAt }) => ({
        SequenceNumber: sequenceNumber,
        PartitionKey: partitionKey,
        Data: data,
        ApproximateArrivalTimestamp: arrivedAt / 1_000,
      })),
    };
  };

  const text = (input: object, name: string): string =>
    parsed(z.looseObject({ [name]: z.string() }), input)[name] as string;

  const operations: Readonly<Record<string, (input: object) => Promise<Record<string, unknown>>>> = {
    PutRecord: async (input) => await put(nameIn(input), parsed(Put, input)),
    PutRecords: async (input) => {
      const { Records } = parsed(Puts, input);
      const stream = nameIn(input);
      return { FailedRecordCount: 0, Records: await Promise.all(Records.map((record) => put(stream, record))) };
    },
    ListShards: async (input) => ({ Shards: streamOf(input).all().map(described) }),
    DescribeStream: async (input) => ({
      StreamDescription: {
        StreamName: nameIn(input),
        StreamStatus: 'ACTIVE',
        HasMoreShards: false,
        Shards: streamOf(input).all().map(described),
      },
    }),
    DescribeStreamSummary: async (input) => ({
      StreamDescriptionSummary: {
        StreamName: nameIn(input),
        StreamStatus: 'ACTIVE',
        OpenShardCount: streamOf(input)
          .all()
          .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined).length,
      },
    }),
    GetShardIterator: async (input) => {
      const shard = streamOf(input).find(text(input, 'ShardId'));
      return { ShardIterator: iteratorAt(nameIn(input), shard.shardId, positionOf(shard, input)) };
    },
    GetRecords: async (input) => read(input),
    SplitShard: async (input) => {
      await streams.split(nameIn(input), text(input, 'ShardToSplit'), text(input, 'NewStartingHashKey'));
      return {};
    },
    MergeShards: async (input) => {
      await streams.merge(nameIn(input), text(input, 'ShardToMerge'), text(input, 'AdjacentShardToMerge'));
      return {};
    },
  };

  return async (target, input) => {
    const operation = operations[target.replace('Kinesis_20131202.', '')];
    if (operation === undefined)
      throw new ServiceError('UnknownOperationException', `${target} is not emulated locally`);
    return await operation(input);
  };
};

const jsonIn = (base64: string): unknown => {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    return undefined; // The caller answers InvalidArgumentException, as the service does.
  }
};
