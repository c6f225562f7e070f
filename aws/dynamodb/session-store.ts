import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { DAY_MS, LONGEST_SESSION_MS } from '../../domain/kernel/durations.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type SessionRecord, type SoldSession, toldFrom } from '../../domain/tariff/session-record.ts';
import {
  positionOf,
  type SessionSelection,
  type SessionSpan,
  type SessionStore,
} from '../../use-cases/ports/session-store.ts';
import { documentClient } from './document-client.ts';

const INDEXES = {
  station: ['byStation', 'stationId'],
  site: ['bySite', 'siteId'],
  tag: ['byTag', 'tag'],
  network: ['byDay', 'startedDay'],
} as const;
const PAGE = 500;
/** A long time of many sessions is read in pieces, some of them at once. */
const PIECE_MS = 8 * DAY_MS;
const PIECES_AT_ONCE = 8;

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

/** The attributes that tell what was sold. */
const soldNames = {
  ...{ '#sessionId': 'sessionId', '#timeZone': 'timeZone', '#endedAt': 'endedAt', '#energyWh': 'energyWh' },
  ...{ '#durationMs': 'durationMs', '#hours': 'hours', '#cost': 'cost', '#currency': 'currency' },
};
const soldAttributes = '#sessionId, #timeZone, #endedAt, #energyWh, #durationMs, #hours, #cost.#currency, #cost.#hours';

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
    sold: async ({ by, value, fromAt, toAt }) => {
      const [IndexName, attribute] = INDEXES[by];
      // Sessions are listed where they are told from: those that ended since may have been told for as long before.
      const firstAt = fromAt - LONGEST_SESSION_MS - 1;
      const starts = Array.from({ length: Math.max(0, Math.ceil((toAt - firstAt) / PIECE_MS)) }, (_, index) => {
        const startAt = firstAt + index * PIECE_MS;
        return { startAt, lastAt: Math.min(startAt + PIECE_MS, toAt) - 1 };
      });
      const pieces = await pMap(
        starts,
        async ({ startAt, lastAt }) => {
          const found: SoldSession[] = [];
          const pages = paginateQuery(
            { client },
            {
              TableName: table,
              IndexName,
              KeyConditionExpression: '#by = :value AND startedAt BETWEEN :from AND :to',
              FilterExpression: '#endedAt >= :endedFrom',
              ProjectionExpression: soldAttributes,
              ExpressionAttributeNames: { '#by': attribute, ...soldNames },
              ExpressionAttributeValues: { ':value': value, ':from': startAt, ':to': lastAt, ':endedFrom': fromAt },
            },
          );
          for await (const { Items = [] } of pages) for (const item of Items) found.push(item as SoldSession);
          return found;
        },
        { concurrency: PIECES_AT_ONCE },
      );
      return pieces.flat();
    },
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
