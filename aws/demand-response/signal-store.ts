import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import type { EventReport } from '../../domain/demand-response/event-report.ts';
import type { SignalCheck, SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { SignalStore } from '../../use-cases/ports/demand-response/signal-store.ts';
import { documentClient } from '../dynamodb/document-client.ts';
import { pageToken, startKey } from '../dynamodb/page-token.ts';

/** Entry of a signal's record; its checks are beside it, and sort before it. */
const RECORD = 'record';
const REPORT = 'report';
const CHECKS_DAYS = 90;

const scopeOf = (signalId: string): string => `signal#${signalId}`;
const checkEntry = (at: number): string => `check#${String(at).padStart(15, '0')}`;

// Items of this table have one writer: what it wrote is what comes back.
export const signalRecordOf = (item: Readonly<Record<string, unknown>>): SignalRecord => item.record as SignalRecord;

/** Whether an item of table grid is the record of a signal. */
export const isSignalRecord = (item: Readonly<Record<string, unknown>>): boolean => item.entry === RECORD;

/** Signals in table grid. */
export const signalStore = (table: string, client: DynamoDBDocumentClient = documentClient()): SignalStore => {
  const query = async (index: string, key: string, value: string) => {
    const found: SignalRecord[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        IndexName: index,
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': key },
        ExpressionAttributeValues: { ':value': value },
      },
    );
    for await (const page of pages) found.push(...(page.Items ?? []).map(signalRecordOf));
    return found;
  };

  return {
    load: async (signalId) => {
      const Key = { scope: scopeOf(signalId), entry: RECORD };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && signalRecordOf(Item);
    },
    commit: async (record, readRev) => {
      const { signal, state, rev } = record;
      const condition =
        readRev === 0
          ? { ConditionExpression: 'attribute_not_exists(entry)' }
          : { ConditionExpression: 'rev = :read', ExpressionAttributeValues: { ':read': readRev } };
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: {
              scope: scopeOf(signal.signalId),
              entry: RECORD,
              rev,
              startAt: signal.startAt,
              listed: 'signal',
              ...omitUndefined({ open: state === 'ended' ? undefined : 'open' }),
              record,
            },
            ...condition,
          }),
        );
        return 'committed';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'conflict';
        throw error;
      }
    },
    addCheck: async (signalId, check) => {
      const { at } = check;
      const expiresAt = Math.floor(at / 1_000) + CHECKS_DAYS * 86_400;
      const Item = { scope: scopeOf(signalId), entry: checkEntry(at), expiresAt, check };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
    checks: async (signalId) => {
      const found: SignalCheck[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          KeyConditionExpression: '#scope = :scope AND begins_with(entry, :check)',
          ExpressionAttributeNames: { '#scope': 'scope' },
          ExpressionAttributeValues: { ':scope': scopeOf(signalId), ':check': 'check#' },
        },
      );
      for await (const page of pages) found.push(...(page.Items ?? []).map(({ check }) => check));
      return found;
    },
    saveReport: async (report) => {
      const Item = { scope: scopeOf(report.signalId), entry: REPORT, report };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
    report: async (signalId) => {
      const Key = { scope: scopeOf(signalId), entry: REPORT };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item?.report as EventReport | undefined;
    },
    open: () => query('byOpen', 'open', 'open'),
    list: async ({ limit, nextToken }) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byStart',
          KeyConditionExpression: 'listed = :signal',
          ExpressionAttributeValues: { ':signal': 'signal' },
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: startKey(nextToken, {
            scope: String,
            entry: String,
            listed: { is: 'signal' },
            startAt: Number,
          }),
        }),
      );
      return { items: Items.map(signalRecordOf), ...omitUndefined({ nextToken: pageToken(LastEvaluatedKey) }) };
    },
  };
};
