import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { simDynamodb } from '../../../sim/services/dynamodb/sim-dynamodb.ts';
import type { TableDefinition } from '../../../sim/services/dynamodb/table-definition.ts';
import { type Conduct, obligingConduct, type SimServiceContext } from '../../../sim/services/sim-service-context.ts';
import { simulatedDocuments } from '../../support/simulated-documents.ts';
import { randomFrom } from './random-operations.ts';

const TableName = 'things';
const things: TableDefinition = {
  name: TableName,
  key: { hash: { name: 'owner', type: 'S' }, sort: { name: 'entry', type: 'N' } },
  indexes: {
    byColour: { hash: { name: 'colour', type: 'S' }, sort: { name: 'entry', type: 'N' }, projection: 'KEYS_ONLY' },
  },
  stream: 'NEW_AND_OLD_IMAGES',
  expires: 'endsAt',
};
const account = { region: 'eu-west-1', accountId: '123456789012', stackName: 'sim' };

const world = (conduct: Partial<Conduct> = {}, given: Partial<SimServiceContext> = {}) => {
  const clock = { now: 1_700_000_000_000 };
  const sim = simDynamodb([things], {
    now: () => clock.now,
    random: randomFrom(1),
    fault: async () => undefined,
    conduct: () => ({ ...obligingConduct, ...conduct }),
    ...given,
  });
  const documents = simulatedDocuments(sim);
  const put = (entry: number, more: object = {}) =>
    documents.send(new PutCommand({ TableName, Item: { owner: 'o', entry, ...more } }));
  const get = (entry: number, ConsistentRead = true) =>
    documents.send(new GetCommand({ TableName, Key: { owner: 'o', entry }, ConsistentRead }));
  return { ...sim, documents, clock, put, get };
};

/** Anew each time: paginators write into what they are given. */
const ofOwner = () => ({
  TableName,
  KeyConditionExpression: '#owner = :owner',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':owner': 'o' },
});

describe('a page', () => {
  it('ends at one megabyte, however many items were asked for', async () => {
    const { put, documents } = world();
    for (let entry = 0; entry < 5; entry += 1) await put(entry, { text: 'x'.repeat(300_000) });
    const counts: (number | undefined)[] = [];
    for await (const { Count } of paginateQuery({ client: documents }, ofOwner())) counts.push(Count);
    expect(counts).toEqual([4, 1]);
  });

  it('says that there may be more when the limit was met at the last item', async () => {
    const { put, documents } = world();
    await put(1);
    await put(2);
    const first = await documents.send(new QueryCommand({ ...ofOwner(), Limit: 2 }));
    expect(first.LastEvaluatedKey).toEqual({ owner: 'o', entry: 2 });
    const second = await documents.send(new QueryCommand({ ...ofOwner(), ExclusiveStartKey: first.LastEvaluatedKey }));
    expect(second).toMatchObject({ Items: [], Count: 0 });
  });

  it('of a scan belongs to one segment, and all segments together are the table', async () => {
    const { documents } = world();
    for (let owner = 0; owner < 40; owner += 1)
      await documents.send(new PutCommand({ TableName, Item: { owner: `o-${owner}`, entry: 1 } }));
    const found: unknown[] = [];
    for (const Segment of [0, 1, 2])
      for await (const { Items = [] } of paginateScan(
        { client: documents, pageSize: 3 },
        { TableName, Segment, TotalSegments: 3 },
      ))
        found.push(...Items.map(({ owner }) => owner));
    expect(found).toHaveLength(40);
    expect(new Set(found).size).toBe(40);
  });
});

describe('a batch', () => {
  it('comes back in part, and complete after it was sent again', async () => {
    const { documents, items } = world({ deferred: 0.5 });
    const Item = (entry: number) => ({ owner: 'o', entry, text: 'x' });
    let pending = Array.from({ length: 25 }, (_, entry) => ({ PutRequest: { Item: Item(entry) } })) as object[];
    let requests = 0;
    while (pending.length > 0) {
      const { UnprocessedItems } = await documents.send(
        new BatchWriteCommand({ RequestItems: { [TableName]: pending } as never }),
      );
      pending = UnprocessedItems?.[TableName] ?? [];
      requests += 1;
    }
    expect(requests).toBeGreaterThan(2);
    expect(items(TableName)).toHaveLength(25);

    const Keys = Array.from({ length: 25 }, (_, entry) => ({ owner: 'o', entry }));
    const { Responses, UnprocessedKeys } = await documents.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys } } }),
    );
    const read = Responses?.[TableName] ?? [];
    const left = UnprocessedKeys?.[TableName]?.Keys ?? [];
    expect(left.length).toBeGreaterThan(0);
    expect([...read.map(({ entry }) => entry), ...left.map(({ entry }) => entry)].sort((a, b) => a - b)).toEqual(
      Keys.map(({ entry }) => entry),
    );
  });

  it('is refused when it has more entries than a request may have, or one key twice', async () => {
    const { documents } = world();
    const puts = (count: number, entry: (at: number) => number) =>
      documents.send(
        new BatchWriteCommand({
          RequestItems: {
            [TableName]: Array.from({ length: count }, (_, at) => ({
              PutRequest: { Item: { owner: 'o', entry: entry(at) } },
            })),
          },
        }),
      );
    await expect(puts(26, (at) => at)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(puts(2, () => 1)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a read', () => {
  it('may show what was there a moment ago, unless it is consistent', async () => {
    const { put, get, clock, documents } = world({ staleReads: 1, stalestMs: 1_000 });
    await put(1, { colour: 'red', text: 'old' });
    clock.now += 5_000;
    await put(1, { colour: 'blue', text: 'new' });
    await put(2, { colour: 'blue' });
    expect((await get(1)).Item?.text).toBe('new');
    expect((await get(1, false)).Item?.text).toBe('old');
    const ofColour = (colour: string) =>
      documents.send(
        new QueryCommand({
          TableName,
          IndexName: 'byColour',
          KeyConditionExpression: 'colour = :colour',
          ExpressionAttributeValues: { ':colour': colour },
        }),
      );
    expect((await ofColour('red')).Items).toEqual([{ owner: 'o', entry: 1, colour: 'red' }]);
    expect((await ofColour('blue')).Items).toEqual([]);
    expect((await documents.send(new QueryCommand(ofOwner()))).Items).toHaveLength(1);
    clock.now += 5_000;
    expect((await get(1, false)).Item?.text).toBe('new');
    expect((await ofColour('red')).Items).toEqual([]);
    expect((await ofColour('blue')).Items).toHaveLength(2);
  });

  it('hands out items that its reader may change', async () => {
    const { put, get } = world();
    await put(1, { list: [1] });
    const { Item } = await get(1);
    Item?.list.push(2);
    expect((await get(1)).Item?.list).toEqual([1]);
  });
});

describe('a write', () => {
  it('is refused with the item, if it was asked for', async () => {
    const { put, documents } = world();
    await put(1, { rev: 2 });
    const update = new UpdateCommand({
      TableName,
      Key: { owner: 'o', entry: 1 },
      UpdateExpression: 'SET rev = :next',
      ConditionExpression: 'rev = :read',
      ExpressionAttributeValues: { ':next': 2, ':read': 1 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const error = await documents.send(update).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    // The document client leaves what an error carries as it is.
    expect(error).toMatchObject({ Item: { rev: { N: '2' } } });
  });

  it.each([
    ['no number', { value: Number.NaN }, 'Error'],
    ['a number that is not exact', { value: 2 ** 53 }, 'Error'],
    ['an empty set', { value: new Set() }, 'Error'],
    ['a class', { value: new Date(0) }, 'Error'],
    ['an empty key', { owner: '' }, 'ValidationException'],
    ['a key of another type', { entry: 'one' }, 'ValidationException'],
    ['an index key of another type', { colour: 1 }, 'ValidationException'],
    ['an empty index key', { colour: '' }, 'ValidationException'],
    ['more than 400 KB', { value: 'x'.repeat(410_000) }, 'ValidationException'],
    ['a key of more than 2,048 bytes', { owner: 'é'.repeat(1_025) }, 'ValidationException'],
    ['more than 32 levels', { value: JSON.parse(`${'['.repeat(33)}${']'.repeat(33)}`) }, 'ValidationException'],
  ])('of %s fails as it does with the SDK and the service', async (_, content, name) => {
    const { put, items } = world();
    await expect(put(1, content)).rejects.toMatchObject({ name });
    expect(items(TableName)).toEqual([]);
  });

  it('leaves properties without a value out', async () => {
    const { put, get } = world();
    await put(1, { value: undefined, inner: { value: undefined, other: [undefined, 1] } });
    expect((await get(1)).Item).toEqual({ owner: 'o', entry: 1, inner: { other: [1] } });
  });

  it('is cut off from its answer by a fault, not undone', async () => {
    const { put, items } = world(
      {},
      {
        fault: async ({ at }) => {
          if (at === 'after') throw new Error('The answer is lost');
        },
      },
    );
    await expect(put(1)).rejects.toThrow('The answer is lost');
    expect(items(TableName)).toHaveLength(1);
  });
});

describe('a transaction', () => {
  const two = (ConditionExpression: string, ClientRequestToken?: string) =>
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName, Item: { owner: 'o', entry: 1 } } },
        { Put: { TableName, Item: { owner: 'o', entry: 2 }, ConditionExpression } },
      ],
      ClientRequestToken,
    });

  it('does nothing when one of its conditions fails, and says which', async () => {
    const { documents, items } = world();
    const error = await documents.send(two('attribute_exists(entry)')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({ CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }] });
    expect(items(TableName)).toEqual([]);
  });

  it('with the token of an earlier one is carried out once', async () => {
    const { documents, clock } = world();
    const once = two('attribute_not_exists(entry)', 'token');
    await documents.send(once);
    await documents.send(once);
    await expect(documents.send(two('attribute_exists(entry)', 'token'))).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    clock.now += 11 * 60_000;
    await expect(documents.send(once)).rejects.toBeInstanceOf(TransactionCanceledException);
  });

  it('may be cancelled by another write of its item in the same millisecond, and no other', async () => {
    const { documents, put, clock } = world({ conflicts: 1 });
    await put(1);
    await expect(documents.send(two('attribute_not_exists(entry)'))).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
    clock.now += 1;
    await documents.send(two('attribute_not_exists(entry)'));
    await expect(put(1)).rejects.toMatchObject({ name: 'TransactionConflictException' });
    clock.now += 1;
    await put(1);
  });
});

describe('a change stream', () => {
  const readAll = async ({ stream }: ReturnType<typeof world>) => {
    const reader = stream(TableName, 'arn:aws:dynamodb:eu-west-1:123456789012:table/things/stream/1', account);
    const shards = await reader.shards();
    return Promise.all(
      shards.map(async ({ shardId }) => {
        const { records } = await reader.read(await reader.iterator(shardId, undefined), shardId, 1_000);
        return records.map(
          ({ event }) =>
            event as {
              eventName: string;
              dynamodb: {
                NewImage?: Record<string, object>;
                OldImage?: Record<string, object>;
                Keys: Record<string, object>;
              };
            },
        );
      }),
    );
  };

  it('tells the changes of one item in order, and spreads items over shards', async () => {
    const one = world();
    for (let rev = 1; rev <= 3; rev += 1) for (let entry = 0; entry < 12; entry += 1) await one.put(entry, { rev });
    const shards = await readAll(one);
    expect(shards.filter((records) => records.length > 0).length).toBeGreaterThan(1);
    const told = Map.groupBy(shards.flat(), ({ dynamodb }) => JSON.stringify(dynamodb.Keys));
    expect(told.size).toBe(12);
    for (const changes of told.values())
      expect(
        changes.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage?.rev, dynamodb.NewImage?.rev]),
      ).toEqual([
        ['INSERT', undefined, { N: '1' }],
        ['MODIFY', { N: '1' }, { N: '2' }],
        ['MODIFY', { N: '2' }, { N: '3' }],
      ]);
  });

  it('does not tell a write that changed nothing', async () => {
    const one = world();
    await one.put(1, { rev: 1 });
    await one.put(1, { rev: 1 });
    expect((await readAll(one)).flat()).toHaveLength(1);
  });

  it('goes on in child shards after four hours, and forgets after a day', async () => {
    const one = world();
    await one.put(1, { rev: 1 });
    const reader = one.stream(TableName, 'arn:aws:dynamodb:eu-west-1:123456789012:table/things/stream/1', account);
    const before = await reader.shards();
    one.clock.now += 5 * 3_600_000;
    await one.put(1, { rev: 2 });
    const child = (await reader.shards()).find(({ parents }) => parents.length > 0);
    const [parent = ''] = child?.parents ?? [];
    expect(before.map(({ shardId }) => shardId)).toContain(parent);
    const iterator = await reader.iterator(parent, undefined);
    expect(await reader.read(iterator, parent, 10)).toMatchObject({ next: undefined, records: [{}] });
    one.clock.now += 23 * 3_600_000;
    await expect(reader.read(iterator, parent, 10)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
    expect((await reader.read(await reader.iterator(parent, undefined), parent, 10)).records).toEqual([]);
  });

  it('tells what was removed at the end of its life as the work of the service', async () => {
    const one = world();
    await one.put(1, { endsAt: 1_700_000_100 });
    expect(one.expire()).toBe(0);
    one.clock.now += 100_000;
    expect((await one.get(1)).Item).toBeDefined();
    expect(one.expire()).toBe(1);
    expect((await one.get(1)).Item).toBeUndefined();
    expect((await readAll(one)).flat().at(-1)).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
  });
});

it('does the same for the same seed', async () => {
  const run = async (): Promise<unknown> => {
    const { documents, stream } = world({ staleReads: 0.5, stalestMs: 1_000, deferred: 0.3, conflicts: 0.5 });
    const answers: unknown[] = [];
    for (let entry = 0; entry < 30; entry += 1) {
      const Item = (at: number) => ({ PutRequest: { Item: { owner: 'o', entry: at % 7 } } });
      answers.push(
        await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: [entry, entry + 1].map(Item) } })),
      );
      answers.push(await documents.send(new QueryCommand(ofOwner())));
    }
    return [answers, await stream(TableName, 'arn', account).shards()];
  };
  expect(await run()).toEqual(await run());
});
