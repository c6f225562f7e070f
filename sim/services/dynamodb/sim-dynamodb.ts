import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ShardReader } from '../../../local/lambda/event-sources/poll-shards.ts';
import type { Account } from '../../../local/template/template.ts';
import { metadata, ordinaryConduct, type SimServiceContext, throughFaults } from '../sim-service-context.ts';
import type { Item } from './attribute-value.ts';
import { noTable } from './errors.ts';
import { batchGetItem, getItem, query, scan } from './read.ts';
import type { Tables } from './request.ts';
import { openTable, type Table } from './table.ts';
import type { TableDefinition } from './table-definition.ts';
import { type Tokens, transactWriteItems } from './transact-write-items.ts';
import { batchWriteItem, deleteItem, putItem, updateItem } from './write.ts';

// biome-ignore lint/suspicious/noExplicitAny: each operation has its own input, which its command's class decides
type Input = any;
type Command = { readonly input: object };
type Operation = (input: Input) => object;

/** DynamoDB of a simulated account. */
export type SimDynamodb = {
  /** Commands of DynamoDBClient. What is answered belongs to the tables: it is to be read. */
  readonly send: (command: Command) => Promise<Input>;
  /** A client of its own: it only sends. */
  readonly client: DynamoDBClient;
  /** Adds an empty table. */
  readonly create: (definition: TableDefinition) => void;
  /** The change stream of a table, for one more reader. */
  readonly stream: (table: string, streamArn: string, account: Account) => ShardReader;
  /** What is in a table, for those who know what should be: in attribute values, in no order, as it is at this moment. */
  readonly items: (table: string) => readonly Item[];
  /** Removes items whose time is over; returns how many. The service does so within days. */
  readonly expire: () => number;
};

/** The tables an operation's request names, for whoever decides about faults. */
const tableIn = (input: Input): string | undefined =>
  input.TableName ??
  Object.keys(input.RequestItems ?? {})[0] ??
  Object.values<Input>(input.TransactItems?.[0] ?? {})[0]?.TableName;

const commands = new Map<unknown, string>([
  [BatchGetItemCommand, 'BatchGetItem'],
  [BatchWriteItemCommand, 'BatchWriteItem'],
  [DeleteItemCommand, 'DeleteItem'],
  [GetItemCommand, 'GetItem'],
  [PutItemCommand, 'PutItem'],
  [QueryCommand, 'Query'],
  [ScanCommand, 'Scan'],
  [TransactWriteItemsCommand, 'TransactWriteItems'],
  [UpdateItemCommand, 'UpdateItem'],
]);

/** DynamoDB in memory, at the `send` of the SDK's clients: operations, errors, limits and freedoms of the service. */
export const simDynamodb = (definitions: readonly TableDefinition[], context: SimServiceContext): SimDynamodb => {
  const { now, random } = context;
  const opened = new Map<string, Table>(definitions.map((definition) => [definition.name, openTable(definition, now)]));
  const tables: Tables = {
    of: (name) => {
      const found = opened.get(name ?? '');
      if (found === undefined) throw noTable();
      return found;
    },
  };
  const asked = { now, random, conduct: context.conduct ?? (() => ordinaryConduct) };
  const tokens: Tokens = new Map();
  const operations: Readonly<Record<string, Operation>> = {
    BatchGetItem: (input) => batchGetItem(tables, input, asked),
    BatchWriteItem: (input) => batchWriteItem(tables, input, asked),
    DeleteItem: (input) => deleteItem(tables, input, asked),
    GetItem: (input) => getItem(tables, input, asked),
    PutItem: (input) => putItem(tables, input, asked),
    Query: (input) => query(tables, input, asked),
    Scan: (input) => scan(tables, input, asked),
    TransactWriteItems: (input) => transactWriteItems(tables, input, asked, tokens),
    UpdateItem: (input) => updateItem(tables, input, asked),
  };

  const send = async (command: Command): Promise<Input> => {
    const operation = commands.get(command.constructor);
    const carryOut = operation === undefined ? undefined : operations[operation];
    if (operation === undefined || carryOut === undefined)
      throw new Error(`The simulated DynamoDB does not know ${command.constructor.name}`);
    const table = tableIn(command.input);
    const point = { service: 'dynamodb', operation, ...(table !== undefined && { table }) };
    const output = await throughFaults(context, point, () => carryOut(command.input));
    return { $metadata: metadata(), ...output };
  };

  return {
    send,
    client: Object.assign(Object.create(DynamoDBClient.prototype), {
      send: async (command: Command) => structuredClone(await send(command)),
    }),
    create: (definition) => void opened.set(definition.name, openTable(definition, now)),
    stream: (name, streamArn, account) => {
      const { stream } = tables.of(name);
      if (stream === undefined) throw new Error(`Table ${name} has no change stream`);
      return stream.reader(streamArn, account);
    },
    items: (name) => tables.of(name).items(),
    expire: () => [...opened.values()].reduce((sum, table) => sum + table.expire(), 0),
  };
};
