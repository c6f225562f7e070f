import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamodbProcess, startDynamodb } from '../../../../local/dynamodb/dynamodb-process.ts';
import { createTable, dynamodbTable } from '../../../../local/dynamodb/dynamodb-table.ts';
import { tableStreamReader } from '../../../../local/dynamodb/table-stream-reader.ts';
import { awsJsonCall } from '../../../../local/http/aws-json-call.ts';
import { noJournal } from '../../../../local/journal.ts';
import { kinesisEndpoint } from '../../../../local/kinesis/kinesis-endpoint.ts';
import { kinesisReader } from '../../../../local/kinesis/kinesis-reader.ts';
import { openStreams } from '../../../../local/kinesis/streams.ts';
import { openCheckpoints } from '../../../../local/lambda/event-sources/checkpoints.ts';
import { eventSourceMapping } from '../../../../local/lambda/event-sources/event-source-mapping.ts';
import type { ShardReader } from '../../../../local/lambda/event-sources/poll-shards.ts';
import { startEventSource } from '../../../../local/lambda/event-sources/start-event-source.ts';
import type { FailureRecord } from '../../../../local/lambda/failure-record.ts';
import { InvocationFailed } from '../../../../local/lambda/local-function.ts';
import { localSystem } from '../../../../local/local-system.ts';

const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' };
const mapping = (properties: object) => ({
  logicalId: 'Source',
  properties: eventSourceMapping.properties.parse({
    EventSourceArn: 'arn:source',
    FunctionName: 'arn:function',
    ...properties,
  }),
});

type Kinesised = { kinesis: { data: string; partitionKey: string; sequenceNumber: string } };
const textOf = ({ kinesis }: Kinesised): string => Buffer.from(kinesis.data, 'base64').toString();

/** Runs a mapping until `enough` says that it has seen what it wanted. */
const consume = async <Row>(
  reader: ShardReader,
  properties: object,
  handler: (records: readonly Row[], enough: () => void) => unknown,
): Promise<[string, FailureRecord][]> => {
  const failures: [string, FailureRecord][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const poller = startEventSource(mapping(properties), reader, {
    invoke: async (_arn, event) => handler((event as { Records: readonly Row[] }).Records, resolve),
    deliverFailure: async (destination, failure) => void failures.push([destination, failure]),
    report: () => undefined,
    system: localSystem,
    checkpoints: (await openCheckpoints(async () => noJournal(), expect.unreachable))('Source'),
    handedOver: () => undefined,
  });
  await promise;
  await poller.stop();
  return failures;
};

describe('a Kinesis event source', () => {
  const stream = async (name: string, shards: number, rows: readonly string[], key: (row: string) => string) => {
    const streams = await openStreams(async () => noJournal(), localSystem.clock);
    await streams.create(name, shards);
    const { call } = kinesisEndpoint(streams, localSystem.clock);
    for (const row of rows)
      await call('Kinesis_20131202.PutRecord', {
        StreamName: name,
        PartitionKey: key(row),
        Data: Buffer.from(row).toString('base64'),
      });
    return kinesisReader(call, `arn:aws:kinesis:eu-west-1:000000000000:stream/${name}`, account);
  };

  it('keeps the order of every key over all shards', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => `${index % 5}-${String(index).padStart(2, '0')}`);
    const reader = await stream('ordered', 3, rows, (row) => row.slice(0, 1));
    const seen: string[] = [];
    await consume<Kinesised>(reader, { BatchSize: 7 }, (records, enough) => {
      expect(records.length).toBeLessThanOrEqual(7);
      seen.push(...records.map(textOf));
      if (seen.length === rows.length) enough();
    });
    const ofKey = (all: readonly string[]) =>
      [0, 1, 2, 3, 4].map((key) => all.filter((row) => row.startsWith(`${key}-`)));
    expect(ofKey(seen)).toEqual(ofKey(rows));
  });

  it('isolates a poison record, leaves it with its reason and bytes at the destination, and goes on', async () => {
    const reader = await stream('poisoned', 1, ['a', 'b', 'poison', 'c', 'd'], () => 'k');
    const seen: string[] = [];
    const failures = await consume<Kinesised>(
      reader,
      {
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::parked' } },
      },
      (records, enough) => {
        const texts = records.map(textOf);
        if (texts.includes('poison')) throw new InvocationFailed('f', { name: 'Error', message: 'poison', stack: '' });
        seen.push(...texts);
        if (texts.includes('d')) enough();
      },
    );
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    const [[destination, failure] = []] = failures;
    const { Records } = JSON.parse(failure?.payload ?? '{}');
    expect([failures.length, destination, Records.map(textOf)]).toEqual([1, 'arn:aws:s3:::parked', ['poison']]);
    expect(failure?.record).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
      responseContext: { functionError: 'Unhandled' },
      KinesisBatchInfo: { batchSize: 1, startSequenceNumber: Records[0].kinesis.sequenceNumber },
    });
  });

  it('hands over only what the filter lets through', async () => {
    const reader = await stream('filtered', 1, ['{"kind":"frame"}', 'no json', '{"kind":"sweep"}'], () => 'k');
    const seen: string[] = [];
    await consume<Kinesised>(
      reader,
      { FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["sweep"]}}' }] } },
      (records, enough) => {
        seen.push(...records.map(textOf));
        enough();
      },
    );
    expect(seen).toEqual(['{"kind":"sweep"}']);
  });
});

describe('a table stream event source', () => {
  // Its own database: starting and stopping one is part of what is tested here.
  let database: DynamodbProcess;
  beforeAll(async () => {
    database = await startDynamodb(0);
    await database.ready;
  });
  afterAll(() => database.stop());

  it('hands over old and new images with the names Lambda uses, and with every type even of what is empty', async () => {
    const client = awsJsonCall(database.port, 'dynamodb', account.region);
    const TableName = `demo-${crypto.randomUUID()}`;
    const properties = dynamodbTable.properties.parse({
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    await createTable(client.call, TableName, { logicalId: 'Table', properties });
    const empty = { M: {} };
    const image = (n: string) => ({
      id: { S: 'a' },
      n: { N: n },
      empty,
      list: { L: [empty, { L: [] }, { S: '' }, { M: { empty } }] },
    });
    for (const n of ['1', '2']) await client.call('DynamoDB_20120810.PutItem', { TableName, Item: image(n) });
    const arn = `arn:aws:dynamodb:eu-west-1:000000000000:table/${TableName}/stream/x`;
    const seen: { eventName: string; eventSourceARN: string; dynamodb: { OldImage?: object; NewImage?: object } }[] =
      [];
    await consume<(typeof seen)[number]>(await tableStreamReader(client.call, arn, account), {}, (records, enough) => {
      seen.push(...records);
      if (seen.length === 2) enough();
    });
    client.close();
    expect(
      seen.map(({ eventName, eventSourceARN, dynamodb }) => [
        eventName,
        eventSourceARN,
        dynamodb.OldImage,
        dynamodb.NewImage,
      ]),
    ).toEqual([
      ['INSERT', arn, undefined, image('1')],
      ['MODIFY', arn, image('1'), image('2')],
    ]);
  });
});

describe('looking for new shards', () => {
  const record = (sequenceNumber: string) => ({ sequenceNumber, arrivedAt: 0, filterable: () => ({}), event: {} });
  const read: ShardReader['read'] = async (_, shardId) => ({
    next: undefined,
    records: shardId === 'child' ? [record('1')] : [],
  });
  const started = async (shards: ShardReader['shards'], handled: () => void, reading = read) =>
    startEventSource(
      mapping({ BatchSize: 1 }),
      {
        batchInfo: 'DDBStreamBatchInfo',
        shards,
        iterator: async (shardId) => shardId,
        read: reading,
      },
      {
        invoke: async () => handled(),
        deliverFailure: async () => undefined,
        report: () => undefined,
        system: localSystem,
        checkpoints: (await openCheckpoints(async () => noJournal(), expect.unreachable))('Source'),
        handedOver: () => undefined,
        polling: { wokenAfterMs: 0, busyPollMs: 1, idlePollMs: 5, discoverEveryMs: 1 },
      },
    );

  it('takes little of the time of a service that is slow to tell them', async () => {
    let asked = 0;
    const poller = await started(async () => {
      asked += 1;
      await sleep(20);
      return [];
    }, expect.unreachable);
    await sleep(400);
    await poller.stop();
    expect(asked).toBe(1);
  });

  it('looks seldom at a shard in which nothing comes, where looking takes long', async () => {
    let [reads, isRead] = [0, false];
    const poller = await started(
      async () => [{ shardId: 'idle', parents: [] }],
      () => (isRead = true),
      async () => {
        reads += 1;
        await sleep(20);
        return { next: 'idle', records: reads === 3 ? [record('1')] : [] };
      },
    );
    await sleep(350);
    expect([reads, isRead]).toEqual([2, false]);
    await expect.poll(() => isRead).toBe(true);
    await poller.stop();
  });

  it('goes on at once where a shard was drained', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const poller = await started(async () => {
      await sleep(200);
      return [
        { shardId: 'parent', parents: [] },
        { shardId: 'child', parents: ['parent'] },
      ];
    }, resolve);
    const isLate = sleep(10_000).then(() => 'late');
    expect(await Promise.race([promise.then(() => 'at once'), isLate])).toBe('at once');
    await poller.stop();
  });
});

describe('an event source that stops', () => {
  it('does not wait for a batch that takes long, and does not give it up when its function is ended', async () => {
    const { promise: ended, reject: end } = Promise.withResolvers<void>();
    const problems: string[] = [];
    const checkpoints = (await openCheckpoints(async () => noJournal(), expect.unreachable))('Source');
    let invoked = false;
    const poller = startEventSource(
      mapping({ BatchSize: 1, MaximumRetryAttempts: 0 }),
      {
        batchInfo: 'KinesisBatchInfo',
        shards: async () => [{ shardId: 'shard', parents: [] }],
        iterator: async (shardId) => shardId,
        read: async () => ({
          next: 'more',
          records: [{ sequenceNumber: '1', arrivedAt: Date.now(), filterable: () => ({}), event: {} }],
        }),
      },
      {
        invoke: () => {
          invoked = true;
          return ended;
        },
        deliverFailure: async () => void problems.push('given up'),
        report: (problem) => void problems.push(problem),
        system: localSystem,
        checkpoints,
        handedOver: () => undefined,
      },
    );
    await expect.poll(() => invoked).toBe(true);
    expect(poller.state()).toMatchObject({ handled: 0, behindMs: expect.any(Number) });
    const startedAt = performance.now();
    await poller.stop();
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    end(new InvocationFailed('function', { name: 'Runtime.ExitError', message: 'ended', stack: '' }));
    await sleep(50);
    expect([problems, checkpoints.all()]).toEqual([[], []]);
  });
});
