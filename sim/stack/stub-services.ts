import { ExecutionAlreadyExists } from '@aws-sdk/client-sfn';
import type { EventBuses } from '../../local/eventbridge/event-buses.ts';
import { ServiceError } from '../../local/http/http-server.ts';
import { shardsOf } from '../../local/kinesis/shards.ts';
import type { ShardReader, StreamRecord } from '../../local/lambda/event-sources/shard-poller.ts';
import type { Queues } from '../../local/sqs/queues.ts';
import type { Executions } from '../../local/stepfunctions/executions.ts';
import type { LocalSystem } from '../../local/system.ts';
import type { Account } from '../../local/template/template.ts';

// biome-ignore lint/suspicious/noExplicitAny: each command has its own input
type Command = { readonly input: any };

export const stubKinesis = (streams: readonly { name: string; shards: number }[], system: LocalSystem) => {
  const opened = new Map(
    streams.map(({ name, shards }) => [
      name,
      { shards: shardsOf(shards, system.clock), listeners: [] as (() => void)[] },
    ]),
  );
  const of = (name: string) => {
    const found = opened.get(name);
    if (found === undefined) throw new Error(`No stream ${name}`);
    return found;
  };
  const put = (name: string, { PartitionKey, Data }: { PartitionKey: string; Data: Uint8Array }) => {
    const { shards, listeners } = of(name);
    const { shardId, record } = shards.put(PartitionKey, Buffer.from(Data).toString('base64'));
    for (const listener of listeners) listener();
    return { ShardId: shardId, SequenceNumber: record.sequenceNumber };
  };
  return {
    of,
    send: async ({ input, constructor: kind }: Command) =>
      kind.name === 'PutRecordCommand'
        ? put(input.StreamName, input)
        : { FailedRecordCount: 0, Records: input.Records.map((one: never) => put(input.StreamName, one)) },
    stream: (name: string, streamArn: string, account: Account): ShardReader => {
      const { shards, listeners } = of(name);
      return {
        batchInfo: 'KinesisBatchInfo',
        onWritten: (listener) => void listeners.push(listener),
        shards: async () => shards.all().map(({ shardId, parents }) => ({ shardId, parents })),
        iterator: async (_shardId, after) => after ?? '',
        read: async (iterator, shardId, limit) => {
          const shard = shards.find(shardId);
          const from = shard.records.findIndex(({ sequenceNumber }) => sequenceNumber > iterator);
          const found = from < 0 ? [] : shard.records.slice(from, from + limit);
          const last = found.at(-1)?.sequenceNumber ?? iterator;
          const isDrained =
            shard.endingSequenceNumber !== undefined && (shard.records.at(-1)?.sequenceNumber ?? '') <= last;
          return {
            next: isDrained ? undefined : last,
            records: found.map(({ sequenceNumber, partitionKey, data, arrivedAt }): StreamRecord => {
              const event = {
                kinesis: {
                  kinesisSchemaVersion: '1.0',
                  partitionKey,
                  sequenceNumber,
                  data,
                  approximateArrivalTimestamp: arrivedAt / 1000,
                },
                eventSource: 'aws:kinesis',
                eventVersion: '1.0',
                eventID: `${shardId}:${sequenceNumber}`,
                eventName: 'aws:kinesis:record',
                awsRegion: account.region,
                eventSourceARN: streamArn,
              };
              return {
                sequenceNumber,
                arrivedAt,
                filterable: () => ({ partitionKey, data: JSON.parse(Buffer.from(data, 'base64').toString()) }),
                event,
              };
            }),
          };
        },
      };
    },
  };
};

export const stubS3 = (system: LocalSystem) => {
  const objects = new Map<string, { body: string; at: number }>();
  return {
    objects,
    put: (bucket: string, key: string, body: string) =>
      void objects.set(`${bucket}/${key}`, { body, at: system.clock() }),
    send: async ({ input, constructor: kind }: Command) => {
      if (kind.name === 'PutObjectCommand') {
        objects.set(`${input.Bucket}/${input.Key}`, { body: input.Body, at: system.clock() });
        return {};
      }
      if (kind.name === 'ListObjectsV2Command') {
        const prefix = `${input.Bucket}/${input.Prefix}`;
        return {
          Contents: [...objects]
            .filter(([key]) => key.startsWith(prefix))
            .map(([key, { at }]) => ({ Key: key.slice(input.Bucket.length + 1), LastModified: new Date(at) })),
        };
      }
      throw new Error(kind.name);
    },
  };
};

export const stubSqs = (queues: Queues, arnOf: (url: string) => string) => ({
  send: async ({ input }: Command) => ({
    Successful: await Promise.all(
      input.Entries.map(async ({ Id, MessageBody, DelaySeconds }: never) => ({
        Id,
        MessageId: (await queues.send(arnOf(input.QueueUrl), MessageBody, Number(DelaySeconds ?? 0) * 1_000)).messageId,
      })),
    ),
    Failed: [],
  }),
});

export const stubEventBridge = (buses: EventBuses, account: Account, system: LocalSystem) => ({
  send: async ({ input }: Command) => ({
    FailedEntryCount: 0,
    Entries: await Promise.all(
      input.Entries.map(async ({ EventBusName, Source, DetailType, Detail, Time }: never) => {
        const id = system.uuid();
        await buses.put(String(EventBusName).split('/').at(-1) ?? '', {
          version: '0',
          id,
          'detail-type': DetailType,
          source: Source,
          account: account.accountId,
          time: new Date(Time ?? system.clock()).toISOString(),
          region: account.region,
          resources: [],
          detail: JSON.parse(Detail),
        });
        return { EventId: id };
      }),
    ),
  }),
});

export const stubStepFunctions = (executions: Executions) => ({
  send: async ({ input }: Command) => {
    try {
      const { executionArn, startedAt } = await executions.start(input.stateMachineArn, input.name, input.input);
      return { executionArn, startDate: new Date(startedAt) };
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'ExecutionAlreadyExists')
        throw new ExecutionAlreadyExists({ message: error.message, $metadata: {} });
      throw error;
    }
  },
});
