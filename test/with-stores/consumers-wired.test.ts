import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { aggregateStore } from '../../aws/dynamodb/aggregate-store.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationConnectivity } from '../../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import { fold } from '../../domain/station/fold.ts';
import { system } from '../../runtime/system.ts';
import { aggregateCache } from '../../use-cases/project-state/aggregate-cache.ts';
import { projectState } from '../../use-cases/project-state/project-state.ts';
import { recordOf } from '../../use-cases/project-state/record-of.ts';
import { localDocuments } from '../support/dynamodb-local.ts';
import { noon, registration } from '../support/station-days.ts';
import { dynamodbError, type Fault, type WiredLambdas, wiredLambdas } from '../support/wired-lambdas.ts';
import { noReplies } from '../use-cases/project-state/deliver.ts';

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
  wired.faults.sns = undefined;
});

const documents = () => localDocuments(endpoint);
const store = () => aggregateStore(wired.tables, documents());
const registry = () => stationRegistry(wired.tables.stations, system, documents());

let second = 0;
/** A status of connector 1, one second after the one before. */
const status = (stationId: string, word: string) => {
  second += 1;
  const id = `s${second}`;
  const timestamp = new Date(noon + second * 1000).toISOString();
  return {
    kind: 'frame' as const,
    stationId,
    ocpp: '1.6' as const,
    transport: 'websocket' as const,
    receivedAt: noon + second * 1000,
    frame: JSON.stringify([
      2,
      id,
      'StatusNotification',
      { connectorId: 1, status: word, errorCode: 'NoError', timestamp },
    ]),
    answer: `[3,"${id}",{}]`,
  };
};
const statusOf = async (stationId: string) => (await store().load(stationId)).connectors[0]?.status;

/** Change records of one station, of both tables. */
const changesOf = async (stationId: string): Promise<readonly unknown[]> =>
  [...(await wired.changesOf('connectors')), ...(await wired.changesOf('stations'))].filter((record) =>
    JSON.stringify(Object(record).dynamodb.Keys).includes(`"${stationId}"`),
  );
const linesOf = async (subject: string) =>
  (
    await timeline(wired.tables.timeline, system, documents()).list(
      subject,
      { fromAt: noon - 86_400_000, toAt: noon + 86_400_000 },
      { limit: 100 },
    )
  ).items;

/** A fault for the first `durationMs`. */
const forMs = (durationMs: number, fault: Fault): Fault => {
  const untilAt = performance.now() + durationMs;
  return (call) => (performance.now() < untilAt ? fault(call) : undefined);
};
const isWrite = (operation: string): boolean => ['PutItem', 'UpdateItem', 'TransactWriteItems'].includes(operation);

describe('a store that is out for seconds', () => {
  const out = dynamodbError('InternalServerError', 500);

  it('delays the history of a batch and loses none of it', async () => {
    await wired.invoke('projectState', [
      wired.kinesisRecord(status('HISTORY', 'Available')),
      wired.kinesisRecord(status('HISTORY', 'Faulted')),
    ]);
    wired.faults.dynamodb = forMs(2_500, ({ operation }) => (operation === 'BatchWriteItem' ? out : undefined));
    expect(await wired.invoke('recordHistory', await changesOf('HISTORY'))).toEqual([]);
    expect((await linesOf('HISTORY#1#1')).length).toBeGreaterThan(0);
    expect(wired.parked).toEqual([]);
  });

  it('delays the events of a bus that throttles single entries, and repeats no other entry', async () => {
    await wired.invoke('projectState', [
      wired.kinesisRecord(status('BUS', 'Available')),
      wired.kinesisRecord(status('BUS', 'Preparing')),
      wired.kinesisRecord(status('BUS', 'Charging')),
    ]);
    const seen: string[] = [];
    let throttled: string | undefined;
    wired.faults.events = forMs(2_500, ({ body }) => {
      const ids: string[] = JSON.parse(body).Entries.map(({ Detail = '' }) => JSON.parse(Detail).id);
      seen.push(...ids);
      throttled ??= ids[0];
      const Entries = ids.map((id) => (id === throttled ? { ErrorCode: 'ThrottlingException' } : { EventId: id }));
      return { status: 200, body: JSON.stringify({ FailedEntryCount: 1, Entries }) };
    });
    expect(await wired.invoke('publishChanges', await changesOf('BUS'))).toEqual([]);
    expect(wired.published.map(({ Detail }) => JSON.parse(Detail).id)).toEqual([throttled]);
    const others = seen.filter((id) => id !== throttled);
    expect([others.length > 0, new Set(others).size]).toEqual([true, others.length]);
  });

  it('delays a notification of an alert', async () => {
    const alert = {
      condition: { S: 'tamper|station:CS-1' },
      occasion: { S: 'o' },
      alertId: { S: 'a' },
      rule: { S: 'tamper' },
      severity: { S: 'critical' },
      phase: { S: 'open' },
      summary: { S: 'Door open' },
      detail: { M: {} },
      since: { N: String(noon) },
      raisedAt: { N: String(noon) },
      subject: { M: { kind: { S: 'station' }, stationId: { S: 'CS-1' }, siteId: { S: 's' }, region: { S: 'r' } } },
      outbox: { L: [{ M: { type: { S: 'AlertRaised' }, id: { S: 'a/raised/1' }, at: { N: String(noon) } } }] },
    };
    const record = (key: string) => ({
      eventSourceARN: 'arn:aws:dynamodb:local:0:table/alerts/stream/x',
      dynamodb: {
        SequenceNumber: key,
        Keys: { condition: { S: key } },
        NewImage: alert,
      },
    });
    wired.faults.sns = forMs(2_500, () => ({ status: 503, body: '' }));
    expect(await wired.invoke('announceAlerts', [record('1'), record('2')])).toEqual([]);
    expect(wired.notified).toHaveLength(2);
  });

  it('delays a batch that DynamoDB serves in part: unprocessed items are requested again', async () => {
    await registry().put({ ...registration('PARTS'), siteId: 'parts' });
    await wired.invoke('projectState', [wired.kinesisRecord(status('PARTS', 'Faulted'))]);
    let [writes, reads] = [0, 0];
    wired.faults.dynamodb = ({ operation, body }) => {
      const { RequestItems } = JSON.parse(body);
      if (operation === 'BatchWriteItem') {
        writes += 1;
        if (writes === 1) return { status: 200, body: JSON.stringify({ UnprocessedItems: RequestItems }) };
      }
      if (operation === 'BatchGetItem') {
        reads += 1;
        if (reads === 1) return { status: 200, body: JSON.stringify({ Responses: {}, UnprocessedKeys: RequestItems }) };
      }
      return undefined;
    };
    expect(await wired.invoke('recordHistory', await changesOf('PARTS'))).toEqual([]);
    expect((await linesOf('PARTS#1#1')).length).toBeGreaterThan(0);
    const found = await stationRegistry(wired.tables.stations, system, documentClient()).list('parts');
    expect([found.map(({ stationId }) => stationId), writes > 1, reads]).toEqual([['PARTS'], true, 2]);
  });
});

describe('a station that others write', () => {
  it('is tried again until the record is in, however often the write is overtaken', async () => {
    const overtaken: Fault = ({ operation, body }) => {
      if (!isWrite(operation) || !body.includes('CONTENDED')) return undefined;
      if (operation !== 'TransactWriteItems') return dynamodbError('ConditionalCheckFailedException');
      const CancellationReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];
      const body400 = { __type: 'x#TransactionCanceledException', message: 'conflict', CancellationReasons };
      return { status: 400, body: JSON.stringify(body400) };
    };
    wired.faults.dynamodb = forMs(2_500, overtaken);
    expect(await wired.invoke('projectState', [wired.kinesisRecord(status('CONTENDED', 'Charging'))])).toEqual([]);
    expect([await statusOf('CONTENDED'), wired.parked]).toEqual(['charging', []]);
  });
});

describe('a write that meets the transaction of another worker', () => {
  const conflict = (operation: string) =>
    operation === 'TransactWriteItems'
      ? {
          __type: 'x#TransactionCanceledException',
          message: 'met',
          CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
        }
      : { __type: 'x#TransactionConflictException', message: 'met' };

  it.each([
    ['of several items', 'TransactWriteItems', 'MET-MANY'],
    ['of one item', 'PutItem', 'MET-ONE'],
  ])('(%s) is a conflict: the station is read and its records are folded again at once', async (_, met, stationId) => {
    const project = projectState({
      store: aggregateStore(wired.tables, documentClient()),
      cache: aggregateCache(1),
      fold,
      queue: noReplies,
    });
    const tell = async (word: string): Promise<void> => {
      const { kinesis } = wired.kinesisRecord(status(stationId, word));
      const text = Buffer.from(kinesis.data, 'base64').toString();
      const record = recordOf('1', text, kinesis.sequenceNumber, () => undefined);
      await project(record ? [record.value] : [], stationId);
    };
    // The first write makes the station's items, together; a later status writes one.
    if (met === 'PutItem') await tell('Available');
    let times = 0;
    wired.faults.dynamodb = ({ operation }) => {
      if (operation !== met || times > 0) return undefined;
      times += 1;
      return { status: 400, body: JSON.stringify(conflict(operation)) };
    };
    await tell('Charging');
    expect([times, await statusOf(stationId)]).toEqual([1, 'charging']);
  });
});

describe('what project-state knows of a station', () => {
  it('is read consistently', async () => {
    const reads: boolean[] = [];
    wired.faults.dynamodb = ({ operation, body }) => {
      if (operation === 'Query' || operation === 'GetItem') reads.push(JSON.parse(body).ConsistentRead === true);
      return undefined;
    };
    await wired.invoke('projectState', [wired.kinesisRecord(status('CONSISTENT', 'Available'))]);
    expect(reads).toEqual([true, true]);
  });

  it('comes from the table, not from memory, when its registration changed', async () => {
    await registry().put(registration('MOVED'));
    await wired.invoke('projectState', [wired.kinesisRecord(status('MOVED', 'Available'))]);
    await registry().put({ ...registration('MOVED'), siteId: 'hill' });
    const registered = { kind: 'registered', stationId: 'MOVED', receivedAt: noon } as const;
    await wired.invoke('projectState', [wired.kinesisRecord(registered)]);
    expect((await store().load('MOVED')).connectors[0]?.place.siteId).toBe('hill');
  });

  it('makes nothing of a message that comes again as a new record', async () => {
    const said = status('AGAIN', 'Faulted');
    await wired.invoke('projectState', [wired.kinesisRecord(said)]);
    await wired.invoke('publishChanges', await changesOf('AGAIN'));
    const told = wired.published.length;
    await wired.invoke('projectState', [wired.kinesisRecord(said), wired.kinesisRecord(said)]);
    await wired.invoke('publishChanges', await changesOf('AGAIN'));
    await wired.invoke('recordHistory', await changesOf('AGAIN'));
    expect([told > 0, wired.published.length, (await linesOf('AGAIN#1#1')).length]).toEqual([true, told, 1]);
  });

  it('makes nothing of records that are delivered again, and writes nothing', async () => {
    await registry().put(registration('TWICE'));
    const lost = { type: 'StationLost', at: noon + 86_400_000, cause: 'silent' } as const;
    const records = [
      wired.kinesisRecord(status('TWICE', 'Faulted')),
      wired.kinesisRecord({ kind: 'sweep', stationId: 'TWICE', receivedAt: lost.at, finding: lost }),
      wired.kinesisRecord(status('TWICE', 'Available')),
    ];
    expect(await wired.invoke('projectState', records)).toEqual([]);
    const before = await store().load('TWICE');
    wired.calls.length = 0;
    expect(await wired.invoke('projectState', records)).toEqual([]);
    expect(wired.calls.filter((call) => isWrite(call.replace('dynamodb ', '')))).toEqual([]);
    expect(await store().load('TWICE')).toEqual(before);
  });

  it('is not told again when the gateway notes a sign of life', async () => {
    await registry().put(registration('ALIVE'));
    const opened = {
      kind: 'connection',
      state: 'opened',
      connectionId: 'c',
      ocpp: '1.6',
      transport: 'websocket',
    } as const;
    await wired.invoke('projectState', [wired.kinesisRecord({ ...opened, stationId: 'ALIVE', receivedAt: noon })]);
    await stationConnectivity(wired.tables.stations, documents()).seen('ALIVE', noon + 1_000, noon);
    const [, , ...life] = await changesOf('ALIVE');
    expect(life.length).toBeGreaterThan(0);
    await wired.invoke('publishChanges', life);
    await wired.invoke('recordHistory', life);
    expect([wired.published, await linesOf('ALIVE')]).toEqual([[], []]);
  });
});

describe('a record that can neither be stored nor parked', () => {
  it('holds its own station and nobody else, and is parked once the bucket is back', async () => {
    const poison = wired.kinesisRecord(status('STUCK', 'Preparing'));
    let writes = 0;
    // The first record of the station cannot be stored, with the second (the first write) or alone; the second alone can.
    wired.faults.dynamodb = ({ operation, body }) => {
      if (!isWrite(operation) || !body.includes('STUCK')) return undefined;
      writes += 1;
      return writes === 1 || body.includes('preparing') ? dynamodbError('ValidationException') : undefined;
    };
    wired.faults.s3 = () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    const records = [
      poison,
      wired.kinesisRecord(status('STUCK', 'Charging')),
      wired.kinesisRecord(status('FREE', 'Available')),
    ];
    const [first] = records;
    expect(await wired.invoke('projectState', records)).toEqual([first?.kinesis.sequenceNumber]);
    expect([await statusOf('STUCK'), await statusOf('FREE'), wired.parked.length]).toEqual([undefined, 'available', 0]);
    wired.faults.s3 = undefined;
    writes = 0;
    expect(await wired.invoke('projectState', records)).toEqual([]);
    expect([await statusOf('STUCK'), wired.parked.length]).toEqual(['charging', 1]);
  });
});

describe('a segment of the fleet', () => {
  it('is swept once for a minute, whoever asks, and not for an earlier one', async () => {
    await wired.sweepSegment(0, noon);
    await wired.sweepSegment(1, noon);
    await expect(wired.sweepSegment(0, noon)).rejects.toThrow('Segment 0 of 2 is taken');
    await expect(wired.sweepSegment(0, noon - 60_000)).rejects.toThrow('Segment 0 of 2 is taken');
    await wired.sweepSegment(0, noon + 60_000);
  });
});
