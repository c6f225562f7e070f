import type { Server } from 'node:http';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  ResourceNotFoundException,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../../local/http/http-server.ts';
import { noJournal } from '../../../local/journal.ts';
import { kinesisEndpoint } from '../../../local/kinesis/kinesis-endpoint.ts';
import { kinesisOperations } from '../../../local/kinesis/kinesis-operations.ts';
import { openStreams, type Streams } from '../../../local/kinesis/streams.ts';
import { localSystem } from '../../../local/local-system.ts';

let streams: Streams;
let server: Server;
let client: KinesisClient;
beforeAll(async () => {
  streams = await openStreams(async () => noJournal(), localSystem.clock);
  server = kinesisEndpoint(streams, localSystem.clock).server;
  client = new KinesisClient({
    endpoint: `http://127.0.0.1:${await listen(server)}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(async () => {
  client.destroy();
  await close(server);
});

const put = (StreamName: string, PartitionKey: string, text: string) =>
  client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text) }));
const read = async (
  StreamName: string,
  ShardId: string,
  limit?: number,
): Promise<{ texts: string[]; open: boolean }> => {
  const start = await client.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const page = await client.send(new GetRecordsCommand({ ShardIterator: start.ShardIterator, Limit: limit }));
  return {
    texts: (page.Records ?? []).map(({ Data }) => Buffer.from(Data ?? '').toString()),
    open: page.NextShardIterator !== undefined,
  };
};

describe('Kinesis', () => {
  it('keeps one key in one shard, in order, with sequence numbers of 56 digits that grow', async () => {
    await streams.create('keyed', 4);
    const answers = [await put('keyed', 'CP1', 'a'), await put('keyed', 'CP2', 'x'), await put('keyed', 'CP1', 'b')];
    const numbers = answers.map(({ SequenceNumber = '' }) => SequenceNumber);
    expect(answers[2]?.ShardId).toBe(answers[0]?.ShardId);
    expect(numbers.every((number) => /^\d{56}$/.test(number))).toBe(true);
    expect(numbers.toSorted()).toEqual(numbers);
    const { texts } = await read('keyed', answers[0]?.ShardId ?? '');
    expect(texts.filter((text) => text !== 'x')).toEqual(['a', 'b']);
  });

  it('takes many records at once and reads them page by page', async () => {
    await streams.create('batched', 1);
    const Records = ['a', 'b', 'c'].map((text) => ({ PartitionKey: 'k', Data: Buffer.from(text) }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: 'batched', Records }));
    expect([answer.FailedRecordCount, await read('batched', 'shardId-000000000000', 2)]).toEqual([
      0,
      { texts: ['a', 'b'], open: true },
    ]);
  });

  it('splits and merges: parents end, children name them and number on', async () => {
    await streams.create('reshaped', 1);
    await put('reshaped', 'k', 'before');
    const half = String(2n ** 127n);
    await client.send(
      new SplitShardCommand({ StreamName: 'reshaped', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: half }),
    );
    await put('reshaped', 'k', 'between');
    await client.send(
      new MergeShardsCommand({
        StreamName: 'reshaped',
        ShardToMerge: 'shardId-000000000001',
        AdjacentShardToMerge: 'shardId-000000000002',
      }),
    );
    const after = await put('reshaped', 'k', 'after');
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: 'reshaped' }));
    expect(Shards.map(({ ParentShardId, AdjacentParentShardId }) => [ParentShardId, AdjacentParentShardId])).toEqual([
      [undefined, undefined],
      ['shardId-000000000000', undefined],
      ['shardId-000000000000', undefined],
      ['shardId-000000000001', 'shardId-000000000002'],
    ]);
    expect(await read('reshaped', 'shardId-000000000000')).toEqual({ texts: ['before'], open: false });
    expect(await read('reshaped', 'shardId-000000000003')).toEqual({ texts: ['after'], open: true });
    expect((after.SequenceNumber ?? '') > (Shards[1]?.SequenceNumberRange?.EndingSequenceNumber ?? '~')).toBe(true);
  });

  it('answers with the errors of the service', async () => {
    await expect(put('nowhere', 'k', 'x')).rejects.toThrow(ResourceNotFoundException);
    await expect(client.send(new GetRecordsCommand({ ShardIterator: 'junk' }))).rejects.toThrow(
      /Invalid ShardIterator/,
    );
  });

  it('lets iterators expire after five minutes', async () => {
    let now = 0;
    const own = await openStreams(
      async () => noJournal(),
      () => now,
    );
    await own.create('s', 1);
    const call = kinesisOperations(own, () => now);
    const { ShardIterator } = await call('GetShardIterator', {
      StreamName: 's',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'LATEST',
    });
    now = 5 * 60_000 + 1;
    await expect(call('GetRecords', { ShardIterator })).rejects.toThrow(/expired/);
  });
});
