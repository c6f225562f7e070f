import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import type { System } from '../../async/system.ts';
import { newestOfEach, type Window } from '../../domain/windows/window.ts';
import type { WindowStore, WindowsPut } from '../../use-cases/ports/window-store.ts';

/** How long rows are kept, days; a series not named here is kept for good. */
export type RetentionDays = Readonly<Record<string, number>>;

const AT_ONCE = 32;
/** As many rows as one Timestream request carries: keeps the memory of a large put bounded. */
const CHUNK = 1000;
const DAY_SEC = 86_400;

const partition = (series: string, key: string): string => `${series}#${key}`;

/**
 * Windows as items of table `windows`. Each row is one conditional put: a batch write knows no conditions, costs the same
 * write units, and the version would have to be read first and could be overtaken between reading and writing.
 */
export const dynamodbWindowStore = (
  table: string,
  retentionDays: RetentionDays,
  { clock }: Pick<System, 'clock'>,
  client: DynamoDBDocumentClient,
): WindowStore => {
  const expiresAt = (series: string, startAt: number, now: number): number | undefined => {
    const days = retentionDays[series];
    // Counted from the later of event and writing: history that arrives late is kept as long as any other.
    return days === undefined ? undefined : Math.ceil(Math.max(startAt, now) / 1000) + days * DAY_SEC;
  };

  const putRow = async (window: Window): Promise<'written' | 'stale'> => {
    const { series, key, startAt, version, measures, labels } = window;
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: {
            series: partition(series, key),
            startAt,
            version,
            measures,
            labels,
            expiresAt: expiresAt(series, startAt, clock()),
          },
          ConditionExpression: 'attribute_not_exists(version) OR version < :version',
          ExpressionAttributeValues: { ':version': version },
        }),
      );
      return 'written';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
  };

  const readKey = async (series: string, key: string, fromAt: number, toAt: number): Promise<Window[]> => {
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        KeyConditionExpression: 'series = :series AND startAt BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':series': partition(series, key), ':from': fromAt, ':to': toAt - 1 },
      },
    );
    const rows: Window[] = [];
    for await (const page of pages)
      for (const { startAt, version, measures, labels } of page.Items ?? [])
        rows.push({ series, key, startAt, version, measures, labels });
    return rows;
  };

  return {
    put: async (windows): Promise<WindowsPut> => {
      const counts = { written: 0, stale: 0 };
      for (const chunk of chunksOf(newestOfEach(windows), CHUNK))
        for (const outcome of await pMap(chunk, putRow, { concurrency: AT_ONCE })) counts[outcome] += 1;
      return { ...counts, rejected: [] };
    },
    read: async (series, keys, fromAt, toAt) => {
      if (toAt <= fromAt) return [];
      const rows = await pMap([...new Set(keys)], (key) => readKey(series, key, fromAt, toAt), {
        concurrency: AT_ONCE,
      });
      return rows.flat().sort((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    },
  };
};
