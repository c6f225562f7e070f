import { z } from 'zod';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { ServiceError } from '../http/http-server.ts';
import { type ShardReader, type StreamRecord, startingAt } from '../lambda/event-sources/poll-shards.ts';
import type { Account } from '../template/template.ts';
import { streamOfTable, tableInArn } from './dynamodb-table.ts';
import { streamImage } from './stream-image.ts';

const target = (operation: string) => `DynamoDBStreams_20120810.${operation}`;

const Description = z.object({
  StreamDescription: z.object({
    Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().nullish() })),
    LastEvaluatedShardId: z.string().nullish(),
  }),
});
const Image = z.record(z.string(), z.unknown()).transform(streamImage);
const Records = z.object({
  NextShardIterator: z.string().nullish(),
  Records: z.array(
    z.object({
      eventID: z.string(),
      eventName: z.string(),
      eventVersion: z.string().optional(),
      dynamodb: z.object({
        ApproximateCreationDateTime: z.number(),
        Keys: Image,
        NewImage: Image.optional(),
        OldImage: Image.optional(),
        SequenceNumber: z.string(),
        SizeBytes: z.number(),
        StreamViewType: z.string(),
      }),
      userIdentity: z.unknown().optional(),
    }),
  ),
});

/** Reads one table's change stream shard by shard, in the form Lambda's DynamoDB events have. */
export const tableStreamReader = async (
  call: AwsJsonCall,
  streamArn: string,
  account: Account,
): Promise<ShardReader> => {
  const StreamArn = await streamOfTable(call, tableInArn(streamArn));
  const shardsAfter = async (start?: string): Promise<{ shardId: string; parents: string[] }[]> => {
    const { StreamDescription: page } = Description.parse(
      await call(target('DescribeStream'), { StreamArn, ExclusiveStartShardId: start }),
    );
    const shards = page.Shards.map((shard) => ({
      shardId: shard.ShardId,
      parents: typeof shard.ParentShardId === 'string' ? [shard.ParentShardId] : [],
    }));
    const last = page.LastEvaluatedShardId;
    return typeof last === 'string' ? [...shards, ...(await shardsAfter(last))] : shards;
  };
  const iterator: ShardReader['iterator'] = async (ShardId, after) => {
    const at = async (position: string | undefined) =>
      z
        .object({ ShardIterator: z.string() })
        .parse(await call(target('GetShardIterator'), { StreamArn, ShardId, ...startingAt(position) })).ShardIterator;
    try {
      return await at(after);
    } catch (error) {
      // A stream keeps a day: after a longer rest its oldest record is the next one.
      if (error instanceof ServiceError && error.code === 'TrimmedDataAccessException') return await at(undefined);
      throw error;
    }
  };

  const lastRead = new Map<string, string>();
  /** DynamoDB Local calls an iterator trimmed that was taken while its shard was empty: a new one from the same place works. */
  const records = async (ShardIterator: string, shardId: string, limit: number) => {
    const Limit = Math.min(limit, 1_000);
    try {
      return await call(target('GetRecords'), { ShardIterator, Limit });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'TrimmedDataAccessException') throw error;
      return await call(target('GetRecords'), {
        ShardIterator: await iterator(shardId, lastRead.get(shardId)),
        Limit,
      });
    }
  };

  return {
    batchInfo: 'DDBStreamBatchInfo',
    shards: () => shardsAfter(),
    iterator,
    read: async (ShardIterator, shardId, limit) => {
      const page = Records.parse(await records(ShardIterator, shardId, limit));
      const last = page.Records.at(-1);
      if (last !== undefined) lastRead.set(shardId, last.dynamodb.SequenceNumber);
      return {
        next: page.NextShardIterator ?? undefined,
        records: page.Records.map((record): StreamRecord => {
          const event = {
            eventID: record.eventID,
            eventName: record.eventName,
            eventVersion: record.eventVersion ?? '1.1',
            eventSource: 'aws:dynamodb',
            awsRegion: account.region,
            dynamodb: record.dynamodb,
            eventSourceARN: streamArn,
            userIdentity: record.userIdentity,
          };
          return {
            sequenceNumber: record.dynamodb.SequenceNumber,
            arrivedAt: record.dynamodb.ApproximateCreationDateTime * 1_000,
            filterable: () => event,
            event,
          };
        }),
      };
    },
  };
};
