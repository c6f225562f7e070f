import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { aggregateStore } from '../../aws/dynamodb/aggregate-store.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { system } from '../../runtime/system.ts';
import { localDocuments } from '../support/dynamodb-local.ts';
import { noon, registration } from '../support/station-days.ts';
import { type WiredLambdas, wiredLambdas } from '../support/wired-lambdas.ts';

const endpoint = inject('dynamodbEndpoint');
let wired: WiredLambdas;
beforeAll(async () => {
  wired = await wiredLambdas(endpoint);
});
afterAll(() => wired.stop());
beforeEach(() => {
  for (const list of [wired.parked, wired.published, wired.calls, wired.notified]) list.length = 0;
  wired.faults.dynamodb = undefined;
  wired.faults.s3 = undefined;
  wired.faults.events = undefined;
});

const frame = (stationId: string, text: string, answer?: string) => ({
  kind: 'frame' as const,
  stationId,
  ocpp: '1.6' as const,
  transport: 'websocket' as const,
  receivedAt: noon,
  frame: text,
  ...(answer === undefined ? {} : { answer }),
});
const status = (stationId: string, word: string, second = 0) =>
  frame(
    stationId,
    JSON.stringify([
      2,
      `s-${stationId}-${word}-${second}`,
      'StatusNotification',
      { connectorId: 1, status: word, errorCode: 'NoError', timestamp: new Date(noon + second * 1000).toISOString() },
    ]),
    `[3,"s-${stationId}-${word}-${second}",{}]`,
  );
const isWrite = (operation: string): boolean => ['PutItem', 'UpdateItem', 'TransactWriteItems'].includes(operation);
const nested = (depth: number): string => `${'{"x":'.repeat(depth)}1${'}'.repeat(depth)}`;

const store = () => aggregateStore(wired.tables, localDocuments(endpoint));
const register = (stationId: string) =>
  stationRegistry(wired.tables.stations, system, localDocuments(endpoint)).put(registration(stationId));

describe('replies that DynamoDB has no numbers, names or depth for', () => {
  const replies = [
    '[3,"u1",{"x":9007199254740993}]',
    '[3,"u2",{"x":1e300}]',
    '[3,"u3",{"x":5e-324}]',
    '[3,"u4",{"":1}]',
    `[3,"u5",${nested(29)}]`,
    '[3,"u6",{"__proto__":{"a":1}}]',
    '[4,"u7","GenericError","",{"":[[[]]],"n":-1e308}]',
  ];

  it('are kept on the timeline as they came, and the other stations of the batch do not wait', async () => {
    await register('ODD');
    const records = [
      ...replies.map((text) => wired.kinesisRecord(frame('ODD', text))),
      wired.kinesisRecord(status('FINE-1', 'Available')),
    ];
    const startedAt = performance.now();
    expect(await wired.invoke('projectState', records)).toEqual([]);
    for (const table of ['stations', 'connectors'] as const) {
      const changes = await wired.changesOf(table);
      expect(await wired.invoke('recordHistory', changes)).toEqual([]);
      expect(await wired.invoke('publishChanges', changes)).toEqual([]);
    }
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(wired.parked).toEqual([]);
    const lines = await timeline(wired.tables.timeline, system, localDocuments(endpoint)).list(
      'ODD',
      { fromAt: noon - 86_400_000, toAt: noon + 86_400_000 },
      { limit: 100 },
    );
    const payloads = lines.items.map(({ detail }) => detail.payload);
    expect(payloads).toContain('{"x":1e+300}');
    expect(payloads).toContain('{"":1}');
    expect(payloads).toContain(nested(29));
  });
});

describe('a record that can never be stored', () => {
  const isOfPoison = (body: string) => body.includes('POISON');

  it('is parked at once with its reason, and all others are projected', async () => {
    wired.faults.dynamodb = ({ operation, body }) =>
      isWrite(operation) && isOfPoison(body)
        ? { status: 400, body: JSON.stringify({ __type: 'x#ValidationException', message: 'Item size has exceeded' }) }
        : undefined;
    const records = [
      wired.kinesisRecord('not an envelope'),
      wired.kinesisRecord(status('POISON', 'Available')),
      wired.kinesisRecord(status('FINE-2', 'Available')),
    ];
    const startedAt = performance.now();
    expect(await wired.invoke('projectState', records)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(9_000);
    expect(wired.parked.map(({ record }) => record.partitionKey).sort()).toEqual(['POISON', 'unknown']);
    expect(wired.parked.map(({ record }) => record.reason).join()).toContain('Item size has exceeded');
    expect((await store().load('FINE-2')).connectors[0]?.status).toBe('available');
  });
});

describe('a table that is out for a while', () => {
  it('costs no record: the key waits in order, other keys go on, and nothing is parked', async () => {
    let out = true;
    wired.faults.dynamodb = ({ operation, body }) =>
      out && isWrite(operation) && body.includes('WAITS')
        ? { status: 500, body: JSON.stringify({ __type: 'x#InternalServerError', message: 'out' }) }
        : undefined;
    const back = system.sleep(4_000).then(() => {
      out = false;
    });
    const records = [
      wired.kinesisRecord(status('WAITS', 'Preparing', 1)),
      wired.kinesisRecord(status('WAITS', 'Charging', 2)),
      wired.kinesisRecord(status('FINE-3', 'Available')),
    ];
    expect(await wired.invoke('projectState', records)).toEqual([]);
    await back;
    expect([(await store().load('WAITS')).connectors[0]?.status, wired.parked]).toEqual(['charging', []]);
  });
});
