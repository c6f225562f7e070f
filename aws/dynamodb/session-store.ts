import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { SessionRecord } from '../../domain/tariff/session-record.ts';
import type { SessionStore } from '../../use-cases/ports/session-store.ts';
import { documentClient } from './document-client.ts';
import { pageToken, startKey } from './page-token.ts';

const INDEXES = {
  station: ['byStation', 'stationId'],
  site: ['bySite', 'siteId'],
  tag: ['byTag', 'tag'],
} as const;
const PAGE = 500;

// Items of this table have one writer: what it wrote is what comes back.
const recordOf = (item: Record<string, unknown>): SessionRecord => item as SessionRecord;

export const sessionStore = (table: string, client: DynamoDBDocumentClient = documentClient()): SessionStore => {
  const list: SessionStore['list'] = async ({ by, value, fromAt, toAt }, { limit, nextToken, newestFirst }) => {
    if (toAt <= fromAt) return { items: [] };
    const [IndexName, attribute] = INDEXES[by];
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName,
        KeyConditionExpression: '#by = :value AND startedAt BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#by': attribute },
        ExpressionAttributeValues: { ':value': value, ':from': fromAt, ':to': toAt - 1 },
        ScanIndexForward: newestFirst !== true,
        Limit: limit,
        ExclusiveStartKey: startKey(nextToken),
      }),
    );
    return omitUndefined({ items: Items.map(recordOf), nextToken: pageToken(LastEvaluatedKey) });
  };

  return {
    put: async (record) => {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: record,
            ConditionExpression: 'attribute_not_exists(sessionId) OR rev < :rev',
            ExpressionAttributeValues: { ':rev': record.rev },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    find: async (sessionId) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { sessionId }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : recordOf(Item);
    },
    list,
    all: async (selection) => {
      const found: SessionRecord[] = [];
      let nextToken: string | undefined;
      do {
        const page = await list(selection, omitUndefined({ limit: PAGE, nextToken }));
        found.push(...page.items);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    },
  };
};
