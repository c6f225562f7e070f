import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { tableStreamReader } from '../../local/dynamodb/table-stream-reader.ts';
import { awsJsonCall } from '../../local/http/aws-json-call.ts';
import type { ShardReader } from '../../local/lambda/event-sources/poll-shards.ts';
import { simDynamodb } from '../../sim/services/dynamodb/sim-dynamodb.ts';
import type { KeySchema, TableDefinition } from '../../sim/services/dynamodb/table-definition.ts';
import { obligingConduct } from '../../sim/services/sim-service-context.ts';
import { type OperationName, randomOperations } from '../sim/services/random-operations.ts';
import { localClient } from '../support/dynamodb-local.ts';

const OPERATIONS = 6_000;
const account = { region: 'local', accountId: '000000000000', stackName: 'sim' };

const named = (name: string): string => `${name}-${crypto.randomUUID()}`;

/** One table with everything: two indexes of different projections, a stream; and one whose sort key is a number. */
const definitions: readonly [TableDefinition, TableDefinition] = [
  {
    name: named('differential'),
    key: { hash: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } },
    indexes: {
      keysOnly: { hash: { name: 'g', type: 'S' }, sort: { name: 'n', type: 'N' }, projection: 'KEYS_ONLY' },
      whole: { hash: { name: 'h', type: 'S' }, sort: { name: 'sk', type: 'S' }, projection: 'ALL' },
    },
    stream: 'NEW_AND_OLD_IMAGES',
  },
  {
    name: named('numbered'),
    key: { hash: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'N' } },
    indexes: {},
  },
];

const createAt = async (endpoint: string, { name, key, indexes, stream }: TableDefinition): Promise<void> => {
  const schema = ({ hash, sort }: KeySchema) => [
    { AttributeName: hash.name, KeyType: 'HASH' as const },
    ...(sort ? [{ AttributeName: sort.name, KeyType: 'RANGE' as const }] : []),
  ];
  const schemas = [key, ...Object.values(indexes)];
  const types = new Map(
    schemas.flatMap(({ hash, sort }) => [hash, ...(sort ? [sort] : [])].map((a) => [a.name, a.type])),
  );
  await localClient(endpoint).send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schema(key),
      AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      GlobalSecondaryIndexes:
        Object.keys(indexes).length === 0
          ? undefined
          : Object.entries(indexes).map(([IndexName, index]) => ({
              IndexName,
              KeySchema: schema(index),
              Projection: { ProjectionType: index.projection === 'ALL' ? 'ALL' : 'KEYS_ONLY' },
            })),
      StreamSpecification: stream && { StreamEnabled: true, StreamViewType: stream },
    }),
  );
};

const commands = {
  BatchGetItem: BatchGetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  UpdateItem: UpdateItemCommand,
} as const satisfies Record<OperationName, unknown>;

type Send = (command: { readonly input: object }) => Promise<object>;

/** JSON text that is the same for the same content: names and members of sets in order. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (name, inner) => {
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('base64');
    if ((name === 'SS' || name === 'NS') && Array.isArray(inner)) return inner.toSorted();
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** What an operation comes to, as far as callers may rely on it. Pages are followed to the end. */
const outcome = async (send: Send, name: OperationName, input: object): Promise<unknown> => {
  const Command = commands[name] as new (input: object) => { readonly input: object };
  const once = async (more: object) => {
    const answer = (await send(new Command({ ...input, ...more }))) as Record<string, unknown>;
    // DynamoDB Local tells some capacities that nobody asked for.
    const { $metadata: _, ConsumedCapacity: __, ...told } = answer;
    return told;
  };
  try {
    if (name !== 'Query' && name !== 'Scan') {
      const answer = await once({});
      if (name === 'BatchGetItem')
        for (const items of Object.values(answer.Responses as Record<string, unknown[]>))
          items.sort((a, b) => (plain(a) < plain(b) ? -1 : 1));
      return JSON.parse(plain(answer));
    }
    const pages: Record<string, unknown>[] = [];
    let start: unknown = (input as { ExclusiveStartKey?: unknown }).ExclusiveStartKey;
    do {
      const page: Record<string, unknown> = await once(start === undefined ? {} : { ExclusiveStartKey: start });
      pages.push(page);
      start = page.LastEvaluatedKey;
    } while (start !== undefined && pages.length < 200);
    return {
      items: pages
        .flatMap(({ Items = [] }) => Items as unknown[])
        .map(plain)
        .sort(),
      // Whether an empty page follows one that ended just at the end is the service's own affair.
      pages: pages.map(({ ScannedCount }) => ScannedCount).filter((scanned) => scanned !== 0),
      counts: pages.reduce((sum, { Count }) => sum + Number(Count), 0),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { CancellationReasons: reasons, Item } = error as {
      CancellationReasons?: { Code?: string; Item?: unknown }[];
      Item?: unknown;
    };
    return JSON.parse(
      plain({
        error: error.name,
        message: error.message,
        found: Item,
        reasons: reasons?.map((reason) => [reason.Code, reason.Item]),
      }),
    );
  }
};

type Failure = { readonly error: string; readonly message: string; readonly reasons?: readonly (readonly unknown[])[] };

/**
 * Two ways to refuse a transaction as a whole. A write that its item does not allow cancels it with reason ValidationError, where
 * DynamoDB Local refuses the request; two writes of one item are refused at once, where DynamoDB Local looks at conditions first.
 */
const isSameRefusal = (ours: unknown, theirs: unknown): boolean => {
  const [{ reasons = [], message }, { error }] = [ours as Failure, theirs as Failure];
  if (error === 'ValidationException' && reasons.some(([code]) => code === 'ValidationError')) return true;
  return error === 'TransactionCanceledException' && /multiple operations on one item/.test(message ?? '');
};

const withoutMessage = (found: unknown): unknown =>
  typeof found === 'object' && found !== null && 'message' in found ? { ...found, message: undefined } : found;

type Told = { readonly eventName: string; readonly dynamodb: Record<string, unknown> };

/** The changes of each item in order, as a reader meets them. */
const changesOf = async (reader: ShardReader): Promise<Map<string, string[]>> => {
  const changes = new Map<string, string[]>();
  for (const { shardId } of await reader.shards()) {
    let iterator: string | undefined = await reader.iterator(shardId, undefined);
    for (let idle = 0; iterator !== undefined && idle < 2; ) {
      const { next, records }: Awaited<ReturnType<ShardReader['read']>> = await reader.read(iterator, shardId, 500);
      for (const { event } of records) {
        const { eventName, dynamodb } = event as Told;
        const key = plain(dynamodb.Keys);
        const told = plain({
          eventName,
          old: dynamodb.OldImage,
          new: dynamodb.NewImage,
          view: dynamodb.StreamViewType,
        });
        changes.set(key, [...(changes.get(key) ?? []), told]);
      }
      idle = records.length === 0 ? idle + 1 : 0;
      iterator = next;
    }
  }
  return changes;
};

describe('the simulated DynamoDB and DynamoDB Local', () => {
  const endpoint = inject('dynamodbEndpoint');
  const sim = simDynamodb(definitions, {
    now: () => 1_700_000_000_000,
    random: () => 0.5,
    fault: async () => undefined,
    conduct: () => obligingConduct,
  });
  const real = localClient(endpoint);

  beforeAll(async () => {
    for (const definition of definitions) await createAt(endpoint, definition);
  });

  it(`answer ${OPERATIONS} random operations alike, and tell the same changes`, async () => {
    const differences: string[] = [];
    const names = definitions.map(({ name }) => name);
    let count = 0;
    let carriedOut = 0;
    for (const { name, input } of randomOperations({ seed: 7, count: OPERATIONS, tables: names })) {
      const [ours, theirs] = [
        await outcome(sim.send, name, input),
        await outcome((one) => real.send(one as never), name, input),
      ];
      count += 1;
      if (typeof ours === 'object' && ours !== null && !('error' in ours)) carriedOut += 1;
      if (plain(withoutMessage(ours)) !== plain(withoutMessage(theirs)) && !isSameRefusal(ours, theirs))
        differences.push(`${name} ${plain(input)}\n  ours: ${plain(ours)}\n  theirs: ${plain(theirs)}`);
      if (differences.length > 30) break;
    }
    expect(differences.join('\n')).toBe('');
    expect(count).toBe(OPERATIONS);
    // Most are right: refusals alone would be easy to agree on.
    expect(carriedOut).toBeGreaterThan(OPERATIONS / 2);

    const [first] = names;
    const { call, close } = awsJsonCall(Number(new URL(endpoint).port), 'dynamodb', 'local');
    const arn = `arn:aws:dynamodb:local:000000000000:table/${first}/stream/x`;
    const theirs = await changesOf(await tableStreamReader(call, arn, account));
    const ours = await changesOf(sim.stream(first ?? '', arn, account));
    close();
    expect(ours).toEqual(theirs);
    expect([...ours.values()].flat().length).toBeGreaterThan(500);
  }, 240_000);
});
