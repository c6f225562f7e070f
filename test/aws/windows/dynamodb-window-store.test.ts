import { type BatchGetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { dynamodbWindowStore } from '../../../aws/windows/dynamodb-window-store.ts';
import type { Window } from '../../../domain/windows/window.ts';
import { system } from '../../../runtime/system.ts';
import type { WindowStore } from '../../../use-cases/ports/window-store.ts';
import { windowStoreContract } from '../../contracts/window-store.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-01T10:00:00Z');
const DAYS = 400;

const endpoint = inject('dynamodbEndpoint');
const client = localDocuments(endpoint);
const open = (table: string, documents = client): WindowStore =>
  dynamodbWindowStore(table, { connector_1m: DAYS }, system, documents);

let store: WindowStore;
beforeAll(async () => {
  store = open(await createTable(localClient(endpoint), 'windows'));
});

windowStoreContract('DynamoDB', () => store);

const row = (minute: number, version: number, energyWh = 123.456_789): Window => ({
  series: 'connector_1m',
  key: 'S1#1#1',
  startAt: START + minute * MINUTE,
  version,
  measures: { energyWh, samples: 1, maxW: 7_401, minW: 7_388, meanW: energyWh * 60 },
  labels: {
    stationId: 'S1',
    siteId: 'north-1',
    zoneId: 'zone-1',
    region: 'north',
    connectorType: 'Type2',
    sessionId: 's-1',
  },
});
const readAll = (from: WindowStore) => from.read('connector_1m', ['S1#1#1'], START, START + 60 * MINUTE);

/** A table of its own, its items, and a client that counts what is asked of it. */
const setting = async () => {
  const table = await createTable(localClient(endpoint), 'windows');
  const asked: string[] = [];
  const counting: typeof client = Object.create(client, {
    send: {
      value: (command: BatchGetCommand) => {
        asked.push(command.constructor.name);
        return client.send(command);
      },
    },
  });
  const items = async () => (await client.send(new ScanCommand({ TableName: table }))).Items ?? [];
  return { table, asked, items, store: open(table, counting) };
};

describe('quarters of an hour in DynamoDB', () => {
  it('hold their minutes in one item of less than 1 KB, written once for each minute without a read between', async () => {
    const { store, items, asked } = await setting();
    const rows = Array.from({ length: 15 }, (_, minute) => row(minute, minute + 1, 123 + minute / 7));
    for (const one of rows) await store.put([one]);
    const [item, ...others] = await items();
    expect(others).toEqual([]);
    expect(JSON.stringify({ ...item, packed: '' }).length + item?.packed.length).toBeLessThan(1024);
    expect(asked).toEqual(['BatchGetCommand', ...rows.map(() => 'PutCommand')]);
    expect(await readAll(store)).toEqual(rows);
  });

  it('are not written again by a replay', async () => {
    const { store, asked } = await setting();
    const rows = [row(0, 1), row(20, 2)];
    await store.put(rows);
    asked.length = 0;
    expect(await store.put(rows)).toEqual({ written: 0, stale: 2, rejected: [] });
    expect(asked).toEqual([]);
  });

  it('are looked up together before they are written, and for a short stretch of time of many keys', async () => {
    const { store, asked } = await setting();
    const rows = ['S1', 'S2', 'S3'].flatMap((key) => [0, 15].map((minute) => ({ ...row(minute, 1), key })));
    await store.put(rows);
    expect(asked.toSorted()).toEqual(['BatchGetCommand', ...rows.map(() => 'PutCommand')]);
    asked.length = 0;
    const read = (toMinute: number) =>
      store.read('connector_1m', ['S1', 'S2', 'S3'], START + MINUTE, START + toMinute * MINUTE);
    expect((await read(16)).map(({ key, startAt }) => [key, startAt])).toEqual(
      ['S1', 'S2', 'S3'].map((key) => [key, START + 15 * MINUTE]),
    );
    expect(asked).toEqual(['BatchGetCommand']);
    asked.length = 0;
    expect((await read(31)).map(({ key }) => key)).toEqual(['S1', 'S2', 'S3']);
    expect(asked).toEqual(['QueryCommand', 'QueryCommand', 'QueryCommand']);
  });

  it('keep what another writer put there since they were last seen', async () => {
    const { store, table } = await setting();
    const other = open(table);
    await store.put([row(0, 1)]);
    await other.put([row(1, 2)]);
    expect(await store.put([row(2, 3)])).toEqual({ written: 1, stale: 0, rejected: [] });
    expect(await readAll(open(table))).toEqual([row(0, 1), row(1, 2), row(2, 3)]);
  });

  it('lose nothing to writers that write at the same time', async () => {
    const { table } = await setting();
    const rows = Array.from({ length: 4 }, (_, minute) => row(minute, 1));
    await Promise.all(rows.map((one) => open(table).put([one])));
    expect(await readAll(open(table))).toEqual(rows);
  });

  it('are amended long after they have closed, by a writer that never saw them', async () => {
    const { store, table } = await setting();
    await store.put([row(0, 1), row(1, 1), row(14, 1)]);
    const late = row(1, 5, 99);
    expect(await open(table).put([late, row(0, 1)])).toEqual({ written: 1, stale: 1, rejected: [] });
    expect(await readAll(open(table))).toEqual([row(0, 1), late, row(14, 1)]);
  });

  it('keep two rows of one minute apart, and rows of different layouts', async () => {
    const { store, table } = await setting();
    const begun: Window = { ...row(3, 4), startAt: START + 3 * MINUTE + 20_000, measures: { energyWh: 1 }, labels: {} };
    await store.put([row(3, 4), begun]);
    expect(await readAll(open(table))).toEqual([row(3, 4), begun]);
    expect(await store.read('connector_1m', ['S1#1#1'], START + 3 * MINUTE + 1, START + 60 * MINUTE)).toEqual([begun]);
  });

  it('are kept from the last write, however old their minutes are', async () => {
    const { store, items } = await setting();
    await store.put([row(-500 * 24 * 60, 1)]);
    const [item] = await items();
    const keptDays = (Number(item?.expiresAt) - Date.now() / 1000) / 86_400;
    expect(Math.round(keptDays)).toBe(DAYS);
  });
});
