import { z } from 'zod';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { type ShardReader, type StreamRecord, startingAt } from '../lambda/event-sources/poll-shards.ts';
import { arnOf } from '../template/resource-kind.ts';
import type { Account } from '../template/template.ts';
import { streamInArn } from './kinesis-stream.ts';

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

const target = (operation: string) => `Kinesis_20131202.${operation}`;

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
