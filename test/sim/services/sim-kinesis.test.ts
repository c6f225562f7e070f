import { PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { isTransient } from '../../../aws/is-transient.ts';
import { simKinesis } from '../../../sim/services/sim-kinesis.ts';
import { account, simContext } from './world.ts';

const StreamName = 'frames';
const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/frames';
const bytes = (text: string) => new TextEncoder().encode(text);

const world = (...given: Parameters<typeof simContext>) => {
  const { clock, context } = simContext(...given);
  const kinesis = simKinesis([{ name: StreamName, shards: 2 }], context);
  const put = (PartitionKey: string, text: string) =>
    kinesis.client.send(new PutRecordCommand({ StreamName, PartitionKey, Data: bytes(text) }));
  return { clock, ...kinesis, put };
};

type Told = { readonly kinesis: { readonly partitionKey: string; readonly data: string } };

/** All records shard by shard, parents before their children, read in small pages. */
const readAll = async ({ reader }: ReturnType<typeof world>) => {
  const one = reader(arn, account);
  const told: { shardId: string; key: string; text: string }[] = [];
  for (const { shardId } of await one.shards()) {
    let iterator: string | undefined = await one.iterator(shardId, undefined);
    for (let idle = false; iterator !== undefined && !idle; ) {
      const page: Awaited<ReturnType<typeof one.read>> = await one.read(iterator, shardId, 3);
      for (const { event } of page.records) {
        const { partitionKey, data } = (event as Told).kinesis;
        told.push({ shardId, key: partitionKey, text: Buffer.from(data, 'base64').toString() });
      }
      iterator = page.next;
      idle = page.records.length === 0;
    }
  }
  return told;
};

describe('a stream', () => {
  it('keeps the order of each partition key, over the shards it is split into and merged to', async () => {
    const one = world();
    const keys = ['A', 'B', 'C', 'D', 'E', 'F'];
    for (let round = 0; round < 4; round += 1) for (const key of keys) await one.put(key, String(round));
    const [first = '', second = ''] = one.openShards(StreamName);
    one.split(StreamName, first);
    for (let round = 4; round < 8; round += 1) for (const key of keys) await one.put(key, String(round));
    // In the order of their hash keys: the two halves of the first, then the second.
    const [, upper = '', last] = one.openShards(StreamName);
    expect(last).toBe(second);
    one.merge(StreamName, upper, second);
    for (let round = 8; round < 10; round += 1) for (const key of keys) await one.put(key, String(round));
    const told = Map.groupBy(await readAll(one), ({ key }) => key);
    for (const key of keys)
      expect(told.get(key)?.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, round) => String(round)));
    expect(new Set([...told.values()].flat().map(({ shardId }) => shardId)).size).toBeGreaterThan(3);
  });

  it('is read by two readers at their own paces', async () => {
    const one = world();
    await one.put('A', 'first');
    expect(await readAll(one)).toEqual(await readAll(one));
  });

  it('tells whoever waits that a record came', async () => {
    const one = world();
    let calls = 0;
    one.reader(arn, account).onWritten?.(() => {
      calls += 1;
    });
    await one.put('A', 'first');
    expect(calls).toBe(1);
  });
});

describe('a put', () => {
  it('is refused when its shard has had a thousand records or a megabyte within the second', async () => {
    const one = world();
    await one.put('A', 'x'.repeat(1024 * 1024 - 1));
    const error = await one.put('A', 'xx').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    expect(isTransient(error)).toBe(true);
    one.clock.now += 1_000;
    for (let index = 0; index < 1_000; index += 1) await one.put('A', '');
    await expect(one.put('A', '')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  });

  it('of many records fails for some, keeps the others, and says which', async () => {
    const one = world({ deferred: 0.3 });
    const Records = Array.from({ length: 50 }, (_, index) => ({ PartitionKey: 'A', Data: bytes(String(index)) }));
    const answer = await one.client.send(new PutRecordsCommand({ StreamName, Records }));
    const taken = answer.Records?.flatMap(({ ErrorCode }, index) => (ErrorCode === undefined ? [String(index)] : []));
    expect(answer.FailedRecordCount).toBe(50 - (taken?.length ?? 0));
    expect(answer.FailedRecordCount).toBeGreaterThan(0);
    expect((await readAll(one)).map(({ text }) => text)).toEqual(taken);
  });

  it.each([
    [
      'more than 500 records',
      Array.from({ length: 501 }, () => ({ PartitionKey: 'A', Data: bytes('') })),
      'ValidationException',
    ],
    [
      'more than 5 MB',
      Array.from({ length: 6 }, () => ({ PartitionKey: 'A', Data: bytes('x'.repeat(1_000_000)) })),
      'InvalidArgumentException',
    ],
    [
      'a record of more than 1 MB',
      [{ PartitionKey: 'A', Data: bytes('x'.repeat(1024 * 1024 + 1)) }],
      'ValidationException',
    ],
    ['an empty partition key', [{ PartitionKey: '', Data: bytes('') }], 'ValidationException'],
  ])('of %s is refused as a whole', async (_, Records, name) => {
    const one = world();
    await expect(one.client.send(new PutRecordsCommand({ StreamName, Records }))).rejects.toMatchObject({ name });
    expect(await readAll(one)).toEqual([]);
  });

  it('into a stream that is not there is refused', async () => {
    const { client } = world();
    const put = new PutRecordCommand({ StreamName: 'other', PartitionKey: 'A', Data: bytes('') });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
