import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import { retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type {
  MailboxOutcome,
  MailboxStore,
  MailboxWithContact,
  MailboxWrite,
} from '../../use-cases/ports/commands/mailbox-store.ts';
import { batchGet, projection } from '../dynamodb/batch-get.ts';
import { Deferred, untilComplete } from '../dynamodb/deferred.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { pageToken, startKey } from '../dynamodb/page-token.ts';
import { stationFromItem } from '../dynamodb/station-item.ts';
import { bundled } from './bundled.ts';
import { type Item, MAILBOX, mailboxOf, REQUEST, recordOf } from './commands-item.ts';
import { contactAttributes, contactOf } from './contact-of.ts';
import { mailboxPuts } from './mailbox-puts.ts';
import { conflictWith, isRefused, refusedWrite, requestOf } from './refused-write.ts';

export type MailboxTables = { readonly commands: string; readonly stations: string };

/** Two items each, of the hundred a request may name. */
const STATIONS_PER_READ = 50;
const READS_AT_ONCE = 5;

/** Where ids of commands stand among the entries of a station: they begin with a digit. */
const idsOfCommands = { from: '0', to: ':' } as const;

/**
 * Mailboxes in DynamoDB. Each write is one transaction: the mailbox, if its revision is still the one that was read, and the
 * records it changes. `itemsPerTransaction`, 100 at most, is for somebody who commands many stations: writes that are asked for
 * side by side share transactions of so many items. Each keeps its own guard: of a transaction that is cancelled those that are
 * not to blame are written again.
 */
export const mailboxStore = (
  { commands, stations }: MailboxTables,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
  { itemsPerTransaction }: { readonly itemsPerTransaction?: number } = {},
): MailboxStore => {
  const { putsOf, requestPut } = mailboxPuts(commands, system);

  const transact = async (puts: readonly PutCommandInput[]): Promise<void> => {
    await client.send(new TransactWriteCommand({ TransactItems: puts.map((Put) => ({ Put })) }));
  };

  const commit = async (write: MailboxWrite): Promise<MailboxOutcome> => {
    const puts = putsOf(write);
    try {
      if (puts.length === 1) await client.send(new PutCommand(puts[0]));
      else await transact(puts);
      return { outcome: 'committed' };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return conflictWith(error.Item);
      if (!(error instanceof TransactionCanceledException)) throw error;
      const refused = refusedWrite(error.CancellationReasons ?? []);
      if (refused === undefined) throw error;
      return refused;
    }
  };

  /** What becomes of each of several writes, in their order. */
  const commitTogether = async (writes: readonly MailboxWrite[]): Promise<readonly MailboxOutcome[]> => {
    if (writes.length === 1) return Promise.all(writes.map(commit));
    const puts = writes.map(putsOf);
    try {
      await transact(puts.flat());
      return writes.map(() => ({ outcome: 'committed' }));
    } catch (error) {
      if (!isRefused(error)) throw error;
      const reasons = error instanceof TransactionCanceledException ? [...(error.CancellationReasons ?? [])] : [];
      const refused = puts.map(({ length }) => refusedWrite(reasons.splice(0, length)));
      const blameless = writes.filter((_, index) => refused[index] === undefined);
      // Nobody is told to be the cause: each finds out by itself.
      if (blameless.length === writes.length) return Promise.all(writes.map(commit));
      const others = [...(await commitTogether(blameless))];
      return refused.flatMap((outcome) => outcome ?? others.shift() ?? []);
    }
  };

  /** Mailboxes and stations in one request; of what the service defers, that alone is asked for again. */
  const batch = async (stationIds: readonly string[]): Promise<readonly (readonly [string, MailboxWithContact])[]> => {
    const mailboxes = new Map<string, Item>();
    const found = new Map<string, Item>();
    let pending: BatchGetCommandInput['RequestItems'] = {
      [commands]: { Keys: stationIds.map((stationId) => ({ stationId, entry: MAILBOX })), ConsistentRead: true },
      [stations]: {
        Keys: stationIds.map((stationId) => ({ stationId })),
        ConsistentRead: true,
        ...projection(contactAttributes),
      },
    };
    const readPending = async (): Promise<void> => {
      const { Responses = {}, UnprocessedKeys = {} }: BatchGetCommandOutput = await client.send(
        new BatchGetCommand({ RequestItems: pending }),
      );
      for (const item of Responses[commands] ?? []) mailboxes.set(String(item.stationId), item);
      for (const item of Responses[stations] ?? []) found.set(String(item.stationId), item);
      pending = UnprocessedKeys;
      if (Object.keys(UnprocessedKeys).length > 0)
        throw new Deferred(`Mailboxes of ${stationIds.length} stations are not all read`);
    };
    await retry(readPending, untilComplete, system);
    return stationIds.map((stationId) => {
      const station = stationFromItem(found.get(stationId) ?? {});
      const mailbox = mailboxOf(mailboxes.get(stationId));
      return [stationId, { mailbox, ...omitUndefined({ contact: contactOf(station) }) }];
    });
  };

  return {
    load: async (stationId) => {
      const key = { TableName: commands, Key: { stationId, entry: MAILBOX }, ConsistentRead: true };
      return mailboxOf((await client.send(new GetCommand(key))).Item);
    },
    loadAll: async (stationIds) => {
      const keys = stationIds.map((stationId) => ({ stationId, entry: MAILBOX }));
      const items = await batchGet(client, system, commands, keys, { isConsistent: true });
      const found = new Map(items.map((item) => [String(item.stationId), item]));
      return new Map(stationIds.map((stationId) => [stationId, mailboxOf(found.get(stationId))]));
    },
    loadWithContact: async (stationId) => {
      const [found] = await batch([stationId]);
      if (found === undefined) throw new Error(`Nothing was read of ${stationId}`);
      return found[1];
    },
    loadAllWithContact: async (stationIds) => {
      const chunks = chunksOf(stationIds, STATIONS_PER_READ);
      return new Map((await pMap(chunks, batch, { concurrency: READS_AT_ONCE })).flat());
    },
    commit:
      itemsPerTransaction === undefined
        ? commit
        : bundled({
            run: commitTogether,
            keyOf: ({ stationId }) => stationId,
            sizeOf: (write) => putsOf(write).length,
            most: itemsPerTransaction,
            sleep: system.sleep,
          }),
    find: async (stationId, commandId) => {
      const key = { TableName: commands, Key: { stationId, entry: commandId }, ConsistentRead: true };
      const { Item } = await client.send(new GetCommand(key));
      return Item && recordOf(Item);
    },
    becameOf: async (stationId, requestName) => {
      const key = { TableName: commands, Key: { stationId, entry: `${REQUEST}${requestName}` }, ConsistentRead: true };
      const { Item } = await client.send(new GetCommand(key));
      return Item !== undefined && Number(Item.expiresAt) > system.clock() / 1_000 ? Item.commandId : undefined;
    },
    refuse: async (stationId, requestName, refused) => {
      try {
        await client.send(new PutCommand(requestPut(stationId, requestName, { refused })));
        return refused;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return requestOf(error.Item).refused;
      }
    },
    list: async (stationId, { limit, nextToken }) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: commands,
          KeyConditionExpression: 'stationId = :stationId AND entry < :mailbox',
          ExpressionAttributeValues: { ':stationId': stationId, ':mailbox': MAILBOX },
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: startKey(nextToken, { stationId: { is: stationId }, entry: idsOfCommands }),
        }),
      );
      return {
        items: Items.map(recordOf),
        ...omitUndefined({ nextToken: pageToken(LastEvaluatedKey) }),
      };
    },
  };
};
