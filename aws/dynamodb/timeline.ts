import {
  type DynamoDBDocumentClient,
  paginateQuery,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { System } from '../../async/system.ts';
import type { StatusMark } from '../../domain/availability/status-intervals.ts';
import { type TimelineEntry, timelineRetentionDays } from '../../domain/history/timeline-entry.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Timeline } from '../../use-cases/ports/timeline.ts';
import { batchWrite } from './batch-write.ts';
import { documentClient } from './document-client.ts';
import { packed, unpacked } from './packed.ts';
import { pageToken, startKey } from './page-token.ts';

const DAY_SEC = 86_400;
/**
 * Marks before a range that are read at first: the last live one decides what late ones may say, and late ones come in
 * handfuls.
 */
const LOOK_BACK = 12;
/** Marks of a read that goes on looking for it: a station that was out of reach may tell of many cars. */
const FURTHER_BACK = 250;
/** Reads after which it is given up, so that one connector does not hold up the sweep: that is 4,762 statuses told late. */
const MOST_READS_BACK = 20;

const entryKey = (at: number, id: string): string => `${iso(at)}#${id}`;
/** When it happened and what caused it: said by the key alone, because entries are kept for more than a year. */
const partsOf = (key: string): { readonly at: number; readonly id: string } => {
  const end = key.indexOf('#');
  return { at: Date.parse(key.slice(0, end)), id: key.slice(end + 1) };
};
const markSubject = (connector: string): string => `status#${connector}`;
/** History that arrives late is kept as long as any other. */
const expiry = (at: number, now: number, days: number): number => Math.ceil(Math.max(at, now) / 1000) + days * DAY_SEC;

/** An entry as it is stored. Its detail is packed: stations write into it, and DynamoDB would not take every number, name and depth of theirs. */
type EntryItem = Pick<TimelineEntry, 'subject' | 'kind' | 'title'> & {
  readonly entryKey: string;
  readonly packed: Uint8Array;
};
type Expiring = { readonly expiresAt: number };

const markOf = (item: Record<string, unknown>): StatusMark => {
  const { entryKey, status, backfilled } = item as Omit<StatusMark, 'at'> & { readonly entryKey: string };
  return omitUndefined({ at: partsOf(entryKey).at, status, backfilled });
};

const entryOf = (item: Record<string, unknown>): TimelineEntry => {
  // Items of this table have one writer: what it wrote is what comes back.
  const { subject, entryKey, kind, title, packed } = item as EntryItem;
  return {
    subject,
    ...partsOf(entryKey),
    kind,
    title,
    detail: unpacked(packed, 'timeline') as TimelineEntry['detail'],
  };
};

const distinct = (items: readonly { subject: string; entryKey: string }[]) => [
  ...new Map(items.map((item) => [`${item.subject}|${item.entryKey}`, item])).values(),
];

export const timeline = (
  table: string,
  system: System,
  client: DynamoDBDocumentClient = documentClient(),
): Timeline => {
  const between = {
    names: { '#subject': 'subject' },
    condition: '#subject = :subject AND entryKey BETWEEN :from AND :to',
  };

  /** The marks before an instant, back to a live one, oldest first. */
  const marksBefore = async (subject: string, fromAt: number): Promise<readonly StatusMark[]> => {
    const newestFirst: StatusMark[] = [];
    let from: Record<string, unknown> | undefined;
    for (let reads = 0; reads < MOST_READS_BACK; reads += 1) {
      const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#subject = :subject AND entryKey < :from',
          ExpressionAttributeNames: between.names,
          ExpressionAttributeValues: { ':subject': subject, ':from': iso(fromAt) },
          ScanIndexForward: false,
          Limit: reads === 0 ? LOOK_BACK : FURTHER_BACK,
          ExclusiveStartKey: from,
        }),
      );
      const marks = Items.map(markOf);
      newestFirst.push(...marks);
      from = LastEvaluatedKey;
      if (from === undefined || marks.some(({ backfilled }) => backfilled !== true)) break;
    }
    return newestFirst.reverse();
  };

  return {
    put: async (entries, marks) => {
      const now = system.clock();
      const items = [
        ...entries.map(({ subject, id, at, kind, title, detail }): EntryItem & Expiring => ({
          subject,
          entryKey: entryKey(at, id),
          kind,
          title,
          packed: packed(detail, 'timeline'),
          expiresAt: expiry(at, now, timelineRetentionDays[kind]),
        })),
        ...marks.map(({ connector, at, status, backfilled, rev, ordinal }) => ({
          subject: markSubject(connector),
          // Of two marks at one instant the later write counts: padded, because keys compare as text.
          entryKey: entryKey(at, `${String(rev).padStart(12, '0')}.${String(ordinal).padStart(4, '0')}`),
          status,
          backfilled,
          expiresAt: expiry(at, now, timelineRetentionDays.status),
        })),
      ];
      await batchWrite(client, system, table, distinct(items));
    },
    list: async (subject, { fromAt, toAt }, { limit, nextToken, newestFirst }) => {
      if (toAt <= fromAt) return { items: [] };
      const [from, to] = [iso(fromAt), iso(toAt)];
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: between.condition,
          ExpressionAttributeNames: between.names,
          ExpressionAttributeValues: { ':subject': subject, ':from': from, ':to': to },
          ScanIndexForward: newestFirst !== true,
          Limit: limit,
          ExclusiveStartKey: startKey(nextToken, { subject: { is: subject }, entryKey: { from, to } }),
        }),
      );
      return omitUndefined({ items: Items.map(entryOf), nextToken: pageToken(LastEvaluatedKey) });
    },
    marks: async (connector, fromAt, toAt) => {
      const subject = markSubject(connector);
      const marks = [...(await marksBefore(subject, fromAt))];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          KeyConditionExpression: between.condition,
          ExpressionAttributeNames: between.names,
          ExpressionAttributeValues: { ':subject': subject, ':from': iso(fromAt), ':to': iso(toAt) },
        },
      );
      for await (const { Items = [] } of pages) marks.push(...Items.map(markOf));
      return marks;
    },
    nextMarkAt: async (connector, at) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#subject = :subject AND entryKey > :after',
          ExpressionAttributeNames: between.names,
          ExpressionAttributeValues: { ':subject': markSubject(connector), ':after': iso(at + 1) },
          Limit: 1,
        }),
      );
      return Items[0] === undefined ? undefined : markOf(Items[0]).at;
    },
  };
};
