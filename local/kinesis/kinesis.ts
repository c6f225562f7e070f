import { z } from 'zod';
import { type ShardReader, type StreamRecord, startingAt } from '../event-sources/shard-poller.ts';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { close, httpServer, jsonReply, listen } from '../http/http-endpoint.ts';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';
import type { Account } from '../template/template.ts';
import { kinesisOperations } from './kinesis-operations.ts';

const Stream = z.strictObject({
  Name: z.string().optional(),
  ShardCount: z.number().int().positive().optional(),
  StreamModeDetails: z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
  RetentionPeriodHours: ignored,
  StreamEncryption: ignored,
  DesiredShardLevelMetrics: ignored,
  Tags: ignored,
});
export type StreamProperties = z.infer<typeof Stream>;

export const kinesisStream: ResourceKind<StreamProperties> = {
  type: 'AWS::Kinesis::Stream',
  properties: Stream,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'Name', property, account);
    return { ref: name, attributes: { Arn: arnOf('kinesis', `stream/${name}`, account) } };
  },
};

/** The stream's name in its ARN. */
export const streamInArn = (arn: string): string => arn.slice(arn.indexOf('stream/') + 'stream/'.length);

export type Kinesis = {
  readonly port: number;
  /** The operations, without a way over HTTP. */
  readonly call: AwsJsonCall;
  readonly createStream: (name: string, shards: number) => void;
  /** Calls back when a record was put, so that consumers need not poll an idle stream often. */
  readonly onPut: (listener: () => void) => void;
  readonly stop: () => Promise<void>;
};

const target = (operation: string) => `Kinesis_20131202.${operation}`;

/** Kinesis in memory, over HTTP for the AWS SDK. */
export const startKinesis = async (now: () => number): Promise<Kinesis> => {
  const operations = kinesisOperations(now);
  const listeners: (() => void)[] = [];
  const call: AwsJsonCall = async (operation, input) => {
    const answer = await operations.call(operation, input);
    if (operation.startsWith(target('PutRecord'))) for (const listener of listeners) listener();
    return answer;
  };
  const server = httpServer(async ({ headers, body }) =>
    jsonReply(await call(String(headers['x-amz-target']), JSON.parse(body.toString()))),
  );
  return {
    port: await listen(server, 0, '--kinesis-port'),
    call,
    createStream: operations.create,
    onPut: (listener) => {
      listeners.push(listener);
    },
    stop: () => close(server),
  };
};

const Shards = z.object({
  Shards: z.array(
    z.object({ ShardId: z.string(), ParentShardId: z.string().nullish(), AdjacentParentShardId: z.string().nullish() }),
  ),
});
const Records = z.object({
  NextShardIterator: z.string().nullish(),
  Records: z.array(
    z.object({
      SequenceNumber: z.string(),
      PartitionKey: z.string(),
      Data: z.string(),
      ApproximateArrivalTimestamp: z.number(),
    }),
  ),
});

/** Reads one stream shard by shard, in the form Lambda's Kinesis events have. */
export const kinesisReader = (call: AwsJsonCall, streamArn: string, account: Account): ShardReader => {
  const StreamName = streamInArn(streamArn);
  return {
    batchInfo: 'KinesisBatchInfo',
    shards: async () =>
      Shards.parse(await call(target('ListShards'), { StreamName })).Shards.map((shard) => ({
        shardId: shard.ShardId,
        parents: [shard.ParentShardId, shard.AdjacentParentShardId].filter((parent) => typeof parent === 'string'),
      })),
    iterator: async (ShardId, after) =>
      z
        .object({ ShardIterator: z.string() })
        .parse(await call(target('GetShardIterator'), { StreamName, ShardId, ...startingAt(after) })).ShardIterator,
    read: async (ShardIterator, shardId, limit) => {
      const page = Records.parse(await call(target('GetRecords'), { ShardIterator, Limit: limit }));
      return {
        next: page.NextShardIterator ?? undefined,
        records: page.Records.map(
          (record): StreamRecord => ({
            sequenceNumber: record.SequenceNumber,
            arrivedAt: record.ApproximateArrivalTimestamp * 1_000,
            filterable: () => kinesisFilterable(record),
            event: {
              kinesis: {
                kinesisSchemaVersion: '1.0',
                partitionKey: record.PartitionKey,
                sequenceNumber: record.SequenceNumber,
                data: record.Data,
                approximateArrivalTimestamp: record.ApproximateArrivalTimestamp,
              },
              eventSource: 'aws:kinesis',
              eventVersion: '1.0',
              eventID: `${shardId}:${record.SequenceNumber}`,
              eventName: 'aws:kinesis:record',
              invokeIdentityArn: arnOf('iam', 'role/local', account),
              awsRegion: account.region,
              eventSourceARN: streamArn,
            },
          }),
        ),
      };
    },
  };
};

/** What filter patterns of a Kinesis mapping look at: the partition key, and the data when it is JSON. */
const kinesisFilterable = (record: { PartitionKey: string; Data: string }): unknown => {
  const text = Buffer.from(record.Data, 'base64').toString();
  try {
    return { partitionKey: record.PartitionKey, data: JSON.parse(text) };
  } catch {
    // Lambda drops a record that is not JSON when the pattern asks for JSON; plain text matches no such pattern.
    return { partitionKey: record.PartitionKey, data: text };
  }
};
