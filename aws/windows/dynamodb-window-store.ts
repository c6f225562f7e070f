import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { boundedCache } from '../../async/bounded-cache.ts';
import { type RetryPolicy, retry } from '../../async/retry.ts';
import type { System } from '../../async/system.ts';
import { QUARTER_MS } from '../../domain/windows/on-read.ts';
import { newestOfEach, type Window } from '../../domain/windows/window.ts';
import type { WindowStore, WindowsPut } from '../../use-cases/ports/window-store.ts';
import { batchGet } from '../dynamodb/batch-get.ts';
import { packedRows, unpackedRows } from './packed-rows.ts';

/** How long rows are kept, days; a series not named here is kept for good. */
export type RetentionDays = Readonly<Record<string, number>>;

const AT_ONCE = 32;
const DAY_SEC = 86_400;
/** Items written lately, some 4 KB each: the next minute of a quarter-hour needs no read, and nothing unpacked. */
const REMEMBERED = 20_000;

/** Another writer changed an item each time we tried. */
class WindowsContended extends Error {
  override readonly name = 'WindowsContended';
}

const untilOurs: RetryPolicy = {
  isTransient: (error) => error instanceof WindowsContended,
  attempts: 6,
  firstMs: 20,
  longestMs: 500,
};

/** Items of a key that a short stretch of time is read from by their keys, many keys in a request; longer ones by their range. */
const MOST_BY_KEY = 2;

/** One item: a quarter of an hour of one key of a series. */
type Quarter = { readonly series: string; readonly key: string; readonly itemAt: number };
/** Some rows of one item. */
type Share = Quarter & { readonly rows: readonly Window[] };
/** The rows of an item as it is stored; revision 0: there is none. */
type Stored = { readonly rev: number; readonly rows: readonly Window[] };
/** What is not there yet. */
const nothing: Stored = { rev: 0, rows: [] };
type Counts = Pick<WindowsPut, 'written' | 'stale'>;

const partition = (series: string, key: string): string => `${series}#${key}`;
const itemAtOf = (startAt: number): number => Math.floor(startAt / QUARTER_MS) * QUARTER_MS;
const nameOf = ({ series, key, itemAt }: Quarter): string => `${partition(series, key)}@${itemAt}`;

/** The quarters of a key that may hold rows from [fromAt, toAt). */
const quartersOf = (series: string, key: string, fromAt: number, toAt: number): readonly Quarter[] => {
  const first = itemAtOf(fromAt);
  const count = (itemAtOf(toAt - 1) - first) / QUARTER_MS + 1;
  return Array.from({ length: count }, (_, index) => ({ series, key, itemAt: first + index * QUARTER_MS }));
};

/** Rows by the item they belong to. */
const sharesOf = (windows: readonly Window[]): readonly Share[] => {
  const shares = new Map<string, Share & { rows: Window[] }>();
  for (const row of windows) {
    const share = { series: row.series, key: row.key, itemAt: itemAtOf(row.startAt), rows: [] };
    const name = nameOf(share);
    const known = shares.get(name) ?? share;
    known.rows.push(row);
    shares.set(name, known);
  }
  return [...shares.values()];
};

/** The rows of an item once some are put into it: of two with one start the higher version. */
const merged = (stored: readonly Window[], given: readonly Window[]) => {
  const rows = new Map(stored.map((row) => [row.startAt, row]));
  let written = 0;
  for (const row of given) {
    if ((rows.get(row.startAt)?.version ?? 0) >= row.version) continue;
    rows.set(row.startAt, row);
    written += 1;
  }
  return { rows: [...rows.values()].sort((a, b) => a.startAt - b.startAt), written };
};

/**
 * Windows in items of table `windows`, a quarter of an hour of one key in each. An item is written whole under the revision
 * that was read, so that two writers lose nothing of each other; what is known to be stored is not written again.
 */
export const dynamodbWindowStore = (
  table: string,
  retentionDays: RetentionDays,
  system: System,
  client: DynamoDBDocumentClient,
): WindowStore => {
  const known = boundedCache<string, Stored>(REMEMBERED);

  const expiresAt = (series: string, itemAt: number): number | undefined => {
    const days = retentionDays[series];
    // Counted from the later of event and writing: history that arrives late is kept as long as any other.
    return days === undefined
      ? undefined
      : Math.ceil(Math.max(itemAt + QUARTER_MS, system.clock()) / 1000) + days * DAY_SEC;
  };

  /** Items by their names, those that there are. */
  const load = async (quarters: readonly Quarter[], isConsistent: boolean): Promise<ReadonlyMap<string, Stored>> => {
    if (quarters.length === 0) return new Map();
    const keys = quarters.map(({ series, key, itemAt }) => ({ series: partition(series, key), startAt: itemAt }));
    const items = await batchGet(client, system, table, keys, { isConsistent });
    const found = new Map(items.map((item) => [`${item.series}@${item.startAt}`, item]));
    return new Map(
      quarters.flatMap((quarter) => {
        const item = found.get(nameOf(quarter));
        if (item === undefined) return [];
        const { series, key, itemAt } = quarter;
        return [[nameOf(quarter), { rev: item.rev, rows: unpackedRows(series, key, itemAt, item.packed) }] as const];
      }),
    );
  };

  const store = async ({ series, key, itemAt }: Share, rev: number, bytes: Uint8Array): Promise<void> => {
    const Item = {
      series: partition(series, key),
      startAt: itemAt,
      rev: rev + 1,
      packed: bytes,
      expiresAt: expiresAt(series, itemAt),
    };
    const condition =
      rev === 0
        ? { ConditionExpression: 'attribute_not_exists(rev)' }
        : { ConditionExpression: 'rev = :rev', ExpressionAttributeValues: { ':rev': rev } };
    await client.send(new PutCommand({ TableName: table, Item, ...condition }));
  };

  const tryShare = async (share: Share, loaded: ReadonlyMap<string, Stored>): Promise<Counts> => {
    const name = nameOf(share);
    const stored = known.get(name) ?? loaded.get(name) ?? nothing;
    const { rows, written } = merged(stored.rows, share.rows);
    const counts = { written, stale: share.rows.length - written };
    // Versions only rise: what was stale once stays so, whatever was written meanwhile.
    if (written === 0) return counts;
    const bytes = packedRows(rows, share.itemAt);
    // Forgotten until it is known to be stored.
    known.delete(name);
    try {
      await store(share, stored.rev, bytes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new WindowsContended(`${name} is changed by others faster than by us`);
    }
    known.set(name, { rev: stored.rev + 1, rows });
    return counts;
  };

  /** Puts shares whose items were read together; one that another writer changed meanwhile is read again by itself. */
  const putShares = async (shares: readonly Share[]): Promise<readonly Counts[]> => {
    const together = await load(
      shares.filter((share) => !known.has(nameOf(share))),
      true,
    );
    const putShare = (share: Share): Promise<Counts> => {
      let unused: ReadonlyMap<string, Stored> | undefined = together;
      return retry(
        async () => {
          const loaded = unused ?? (await load([share], true));
          unused = undefined;
          return tryShare(share, loaded);
        },
        untilOurs,
        system,
      );
    };
    return pMap(shares, putShare, { concurrency: AT_ONCE });
  };

  const readQuarters = async (quarters: readonly Quarter[]): Promise<Window[]> =>
    [...(await load(quarters, false)).values()].flatMap(({ rows }) => rows);

  const readKey = async (series: string, key: string, fromAt: number, toAt: number): Promise<Window[]> => {
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        KeyConditionExpression: 'series = :series AND startAt BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':series': partition(series, key), ':from': itemAtOf(fromAt), ':to': toAt - 1 },
      },
    );
    const rows: Window[] = [];
    for await (const { Items = [] } of pages)
      for (const { startAt, packed } of Items) rows.push(...unpackedRows(series, key, startAt, packed));
    return rows;
  };

  return {
    put: async (windows): Promise<WindowsPut> => {
      const puts = await putShares(sharesOf(newestOfEach(windows)));
      return {
        written: puts.reduce((sum, { written }) => sum + written, 0),
        stale: puts.reduce((sum, { stale }) => sum + stale, 0),
        rejected: [],
      };
    },
    read: async (series, keys, fromAt, toAt) => {
      if (toAt <= fromAt) return [];
      const distinct = [...new Set(keys)];
      const isShort = quartersOf(series, '', fromAt, toAt).length <= MOST_BY_KEY;
      const rows =
        isShort && distinct.length > 1
          ? await readQuarters(distinct.flatMap((key) => quartersOf(series, key, fromAt, toAt)))
          : (await pMap(distinct, (key) => readKey(series, key, fromAt, toAt), { concurrency: AT_ONCE })).flat();
      return rows
        .filter(({ startAt }) => startAt >= fromAt && startAt < toAt)
        .sort((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    },
  };
};
