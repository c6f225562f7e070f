import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import { type Participant, type Participation, participantKey } from '../../domain/demand-response/participation.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ParticipationStore } from '../../use-cases/ports/demand-response/participation-store.ts';
import { batchGet } from '../dynamodb/batch-get.ts';
import { documentClient } from '../dynamodb/document-client.ts';

/** Entry of what holds; every revision is kept beside it. */
const CURRENT = 'participation';
const CHANGES = 50;

const scopeOf = (participant: Participant): string => `participation#${participantKey(participant)}`;
const changeEntry = (rev: number): string => `change#${String(rev).padStart(10, '0')}`;
// Items of this table have one writer: what it wrote is what comes back.
const participationOf = (item: Readonly<Record<string, unknown>>): Participation => item.participation as Participation;

/** Participation in table grid: what holds under a guard, and every change of it for the audit. */
export const participationStore = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): ParticipationStore => ({
  find: async (participant) => {
    const Key = { scope: scopeOf(participant), entry: CURRENT };
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item && participationOf(Item);
  },
  put: async (participation) => {
    const { participant, rev } = participation;
    const scope = scopeOf(participant);
    const before =
      rev === 1
        ? { ConditionExpression: 'attribute_not_exists(entry)' }
        : { ConditionExpression: 'rev = :before', ExpressionAttributeValues: { ':before': rev - 1 } };
    const items = [
      { TableName: table, Item: { scope, entry: CURRENT, rev, participation }, ...before },
      { TableName: table, Item: { scope, entry: changeEntry(rev), rev, participation } },
    ];
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items.map((Put) => ({ Put })) }));
      return 'stored';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      if (codes[0] === 'ConditionalCheckFailed' || codes.includes('TransactionConflict')) return 'conflict';
      throw error;
    }
  },
  changes: async (participant) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: '#scope = :scope AND begins_with(entry, :change)',
        ExpressionAttributeNames: { '#scope': 'scope' },
        ExpressionAttributeValues: { ':scope': scopeOf(participant), ':change': 'change#' },
        ScanIndexForward: false,
        Limit: CHANGES,
      }),
    );
    return Items.map(participationOf);
  },
  ofStations: async (siteIds, tags) => {
    const scopes = new Set([
      ...siteIds.map((siteId) => scopeOf({ kind: 'site', siteId })),
      ...tags.map((tag) => scopeOf({ kind: 'driver', tag })),
    ]);
    const keys = [...scopes].map((scope) => ({ scope, entry: CURRENT }));
    const found = (await batchGet(client, system, table, keys)).map(participationOf);
    const sites = new Map(
      found.flatMap((one) => (one.participant.kind === 'site' ? [[one.participant.siteId, one] as const] : [])),
    );
    const optedOutTags = new Set(
      found.flatMap(({ participant, isOptedOut }) =>
        participant.kind === 'driver' && isOptedOut ? [participant.tag.toUpperCase()] : [],
      ),
    );
    return (siteId) => ({ optedOutTags, ...omitUndefined({ site: sites.get(siteId) }) });
  },
});
