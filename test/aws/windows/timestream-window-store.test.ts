import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timestreamWindowStore } from '../../../aws/windows/timestream-window-store.ts';
import type { Window } from '../../../domain/windows/window.ts';
import { close, listen } from '../../../local/http/http-server.ts';
import { type TimestreamEndpoint, timestreamEndpoint } from '../../../local/timestream/timestream-endpoint.ts';
import type { WindowStore } from '../../../use-cases/ports/window-store.ts';
import { windowStoreContract } from '../../contracts/window-store.ts';

const NOW = Date.parse('2026-11-02T12:00:00Z');
const DAY = 86_400_000;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let endpoint: TimestreamEndpoint;
let url = '';
const store = (table = 'windows'): WindowStore => {
  const client = { endpoint: url, region: 'eu-west-1', credentials };
  return timestreamWindowStore(
    { database: 'wattstream', table },
    { write: new TimestreamWriteClient(client), query: new TimestreamQueryClient(client) },
  );
};

beforeAll(async () => {
  const setup = { database: 'wattstream', memoryHours: 24, magneticDays: 30, magneticWrites: true };
  endpoint = await timestreamEndpoint(
    [
      { ...setup, table: 'windows' },
      { ...setup, table: 'empty' },
      { ...setup, table: 'memory-only', magneticWrites: false },
    ],
    () => NOW,
  );
  url = `http://127.0.0.1:${await listen(endpoint.server, 0, '--timestream-port')}`;
});
afterAll(async () => {
  await close(endpoint.server);
  await endpoint.close();
});

windowStoreContract('Timestream', () => store());

describe('the window store on Timestream', () => {
  const row = (startAt: number): Window => ({
    series: 'connector_1m',
    key: 'K',
    startAt,
    version: 1,
    measures: { energyWh: 1 },
    labels: {},
  });

  it('reads nothing from a table nobody has written to', async () => {
    expect(await store('empty').read('connector_1m', ['K'], NOW - DAY, NOW)).toEqual([]);
  });

  it('names rows outside the retention with the store’s reason and writes the others', async () => {
    const [old, late, future] = [row(NOW - 31 * DAY), row(NOW - 2 * DAY), row(NOW + DAY)];
    expect(await store().put([old, late, future])).toEqual({
      written: 1,
      stale: 0,
      rejected: [old, future].map((window) => ({
        window,
        reason: 'The record timestamp is outside the time range of the data ingestion window.',
      })),
    });
    expect((await store('memory-only').put([late])).rejected.map(({ window }) => window)).toEqual([late]);
  });

  it('throws when the service is out of reach, so that the rows are delivered again', async () => {
    const write = new TimestreamWriteClient({
      endpoint: 'http://127.0.0.1:1',
      region: 'eu-west-1',
      credentials,
      maxAttempts: 1,
    });
    const query = new TimestreamQueryClient({ endpoint: url, region: 'eu-west-1', credentials });
    await expect(
      timestreamWindowStore({ database: 'wattstream', table: 'windows' }, { write, query }).put([row(NOW)]),
    ).rejects.toThrow();
  });

  it('is found through the SDK’s own endpoint variables', async () => {
    process.env.AWS_ENDPOINT_URL_TIMESTREAM_WRITE = url;
    process.env.AWS_ENDPOINT_URL_TIMESTREAM_QUERY = url;
    const client = { region: 'eu-west-1', credentials };
    const found = timestreamWindowStore(
      { database: 'wattstream', table: 'windows' },
      { write: new TimestreamWriteClient(client), query: new TimestreamQueryClient(client) },
    );
    const own = { ...row(NOW), key: 'by-variable' };
    try {
      await found.put([own]);
      expect(await found.read('connector_1m', ['by-variable'], NOW, NOW + 1)).toEqual([own]);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_TIMESTREAM_WRITE;
      delete process.env.AWS_ENDPOINT_URL_TIMESTREAM_QUERY;
    }
  });
});
