import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type SessionRecord, toldFrom } from '../../domain/tariff/session-record.ts';
import type {
  SessionPosition,
  SessionSelection,
  SessionSpan,
  SessionStore,
} from '../../use-cases/ports/session-store.ts';
import { documentClient } from './document-client.ts';

const INDEXES = {
  station: ['byStation', 'stationId'],
  site: ['bySite', 'siteId'],
  tag: ['byTag', 'tag'],
  network: ['byDay', 'startedDay'],
} as const;
const PAGE = 500;

/** The day (UTC) a session started on: one index partition for each, so that the network's sessions can be listed by time. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A record as it is stored: `startedAt` is what the indexes sort by, so a long session is listed where it is told from. */
const itemOf = (record: SessionRecord) => {
  const listedAt = toldFrom(record);
  const began = listedAt === record.startedAt ? {} : { startedAt: listedAt, beganAt: record.startedAt };
  return { ...record, ...began, startedDay: dayOf(listedAt) };
};

// Items of this table have one writer: what it wrote is what comes back.
const recordOf = ({ startedDay: _, beganAt, ...item }: Record<string, unknown>): SessionRecord =>
  ({ ...item, ...omitUndefined({ startedAt: beganAt }) }) as SessionRecord;

/** What is left of a session that was withdrawn: no index lists it, and older writes of it stay refused. */
const isWithdrawn = (item: Record<string, unknown>): boolean => item.withdrawn === true;
const spanOf = ({ startedAt, endedAt }: Record<string, unknown>): SessionSpan | undefined =>
  typeof startedAt === 'number' && typeof endedAt === 'number' ? { startedAt, endedAt } : undefined;

/** Partition keys of the index a selection reads, in the order of time. */
const partitionsOf = (selection: SessionSelection): readonly string[] => {
  if (selection.by !== 'network') return [selection.value];
  const firstDay = Date.parse(dayOf(selection.fromAt));
  const days = Math.floor((selection.toAt - 1 - firstDay) / DAY_MS) + 1;
  return Array.from({ length: days }, (_, index) => dayOf(firstDay + index * DAY_MS));
};

/** The records of ended sessions in DynamoDB, listed through one index each for station, site, tag and day. */
export const sessionStore = (table: string, client: DynamoDBDocumentClient = documentClient()): SessionStore => {
  const list: SessionStore['list'] = async (selection, { limit, after, newestFirst = false }) => {
    const { by, fromAt, toAt } = selection;
    if (toAt <= fromAt) return { items: [], more: false };
    const [IndexName, attribute] = INDEXES[by];
    const inOrder = partitionsOf(selection);
    const partitions = newestFirst ? inOrder.toReversed() : inOrder;
    const afterPartition = after && (by === 'network' ? dayOf(after.startedAt) : partitions[0]);
    const found: SessionRecord[] = [];
    let more = false;
    for (const partition of partitions.slice(Math.max(0, partitions.indexOf(afterPartition ?? '')))) {
      more = true;
      if (found.length >= limit) break;
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName,
          KeyConditionExpression: '#by = :value AND startedAt BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#by': attribute },
          ExpressionAttributeValues: { ':value': partition, ':from': fromAt, ':to': toAt - 1 },
          ScanIndexForward: !newestFirst,
          Limit: limit - found.length,
          ExclusiveStartKey:
            after && partition === afterPartition
              ? { sessionId: after.sessionId, startedAt: after.startedAt, [attribute]: partition }
              : undefined,
        }),
      );
      found.push(...Items.map(recordOf));
      more = LastEvaluatedKey !== undefined;
      if (more) break;
    }
    return { items: found, more };
  };

  return {
    put: async (record) => {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: itemOf(record),
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
      return Item === undefined || isWithdrawn(Item) ? undefined : recordOf(Item);
    },
    withdraw: async (sessionId, rev) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: { sessionId }, ConsistentRead: true }),
      );
      const span = Item && spanOf(Item);
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { sessionId, rev, withdrawn: true, ...span },
            ConditionExpression: 'attribute_not_exists(sessionId) OR rev <= :rev',
            ExpressionAttributeValues: { ':rev': rev },
          }),
        );
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
      return span;
    },
    list,
    all: async (selection) => {
      const found: SessionRecord[] = [];
      for (let more = true; more; ) {
        const after = found.at(-1);
        const page = await list(selection, { limit: PAGE, ...(after && { after: positionOf(after) }) });
        found.push(...page.items);
        more = page.more;
      }
      return found;
    },
  };
};

const positionOf = (record: SessionRecord): SessionPosition => ({
  sessionId: record.sessionId,
  startedAt: toldFrom(record),
});
