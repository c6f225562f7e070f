import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { SomeFailed } from '../../async/settle.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { tableStream, tableStreamBatch } from '../../runtime/table-stream.ts';
import type { ParkedRecord } from '../../use-cases/ports/parked-records.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';
import { fakeSystem } from '../fakes/system.ts';

const record = (sequenceNumber: string, key: string, text: string): DynamoDBRecord => ({
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:1:table/connectors/stream/2026',
  dynamodb: {
    SequenceNumber: sequenceNumber,
    Keys: { stationId: { S: key } },
    NewImage: { stationId: { S: key }, text: { S: text } },
  },
});
const event = (...records: DynamoDBRecord[]): DynamoDBStreamEvent => ({ Records: records });
const context = { awsRequestId: 'r' };
const textOf = ({ item }: TableChange): string => {
  if (item?.text === 'unreadable') throw new Rejected('Cannot be read');
  return String(item?.text);
};
const outage = Object.assign(new Error('The store is out of reach'), { $fault: 'server' });

const setting = () => {
  const parked: ParkedRecord[] = [];
  const done: string[] = [];
  const system = fakeSystem();
  const intake = {
    read: textOf,
    park: async (one: ParkedRecord) => void parked.push(one),
    stage: 'dev',
    warn: () => undefined,
    system,
  };
  /** Takes each text; the batch fails with the first that cannot be taken. */
  const handle = async (texts: readonly string[]): Promise<void> => {
    if (texts.includes('poison')) throw new TypeError('Cannot be handled');
    for (const text of texts) {
      if (text === 'outage') throw outage;
      done.push(text);
    }
  };
  // Lambda passes more of a context than middy looks at here.
  const run = (handler: unknown, input: DynamoDBStreamEvent) =>
    (handler as (event: unknown, context: unknown) => Promise<unknown>)(input, context);
  return { parked, done, intake, handle, run, system };
};

describe('a consumer by key', () => {
  it('stops a key where it waits, goes on with others, and names the lowest that waits', async () => {
    const { intake, handle, run, done } = setting();
    const response = await run(
      tableStream({ ...intake, handle }),
      event(
        record('10', 'A', 'a1'),
        record('11', 'A', 'outage'),
        record('12', 'B', 'b1'),
        record('13', 'A', 'a2'),
        record('9', 'C', 'outage'),
      ),
    );
    expect([response, done.sort()]).toEqual([{ batchItemFailures: [{ itemIdentifier: '9' }] }, ['a1', 'b1']]);
  });

  it('parks what can be neither read nor handled and goes on', async () => {
    const { intake, handle, run, done, parked, system } = setting();
    const response = await run(
      tableStream({ ...intake, handle }),
      event(record('1', 'A', 'unreadable'), record('2', 'A', 'poison'), record('3', 'A', 'a1')),
    );
    expect([
      response,
      done,
      parked.map(({ sequenceNumber, reason, source, partitionKey }) => [sequenceNumber, reason, source, partitionKey]),
      system.clock(),
    ]).toEqual([
      { batchItemFailures: [] },
      ['a1'],
      [
        ['1', 'Cannot be read', 'arn:aws:dynamodb:eu-west-1:1:table/connectors', 'A'],
        ['2', 'Cannot be handled', 'arn:aws:dynamodb:eu-west-1:1:table/connectors', 'A'],
      ],
      0,
    ]);
  });

  it('hands on one change at a time, so that a failure repeats no other', async () => {
    const { intake, run, system } = setting();
    const seen: string[] = [];
    const handle = async ([text = '', ...others]: readonly string[]): Promise<void> => {
      expect(others).toEqual([]);
      seen.push(text);
      if (text === 'refused once' && seen.length < 3) throw outage;
    };
    await run(
      tableStream({ ...intake, handle }),
      event(record('1', 'A', 'a1'), record('2', 'A', 'refused once'), record('3', 'A', 'a2')),
    );
    expect([seen, system.clock() > 0]).toEqual([['a1', 'refused once', 'refused once', 'a2'], true]);
  });
});

describe('a consumer of whole batches', () => {
  it('has all of a batch delivered again when a store fails', async () => {
    const { intake, handle, run } = setting();
    const response = await run(
      tableStreamBatch({ ...intake, handle }),
      event(record('5', 'A', 'a1'), record('6', 'B', 'outage')),
    );
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '5' }] });
  });

  it('finds the one record that is to blame and parks only that', async () => {
    const { intake, handle, run, parked, done } = setting();
    const response = await run(
      tableStreamBatch({ ...intake, handle }),
      event(record('5', 'A', 'a1'), record('6', 'B', 'poison'), record('7', 'A', 'a2'), record('8', 'C', 'unreadable')),
    );
    expect([response, done, parked.map(({ sequenceNumber }) => sequenceNumber)]).toEqual([
      { batchItemFailures: [] },
      ['a1', 'a2'],
      ['8', '6'],
    ]);
  });

  it('gives back only what waits when the handler knows what failed, and parks what it names for good', async () => {
    const { intake, run, parked } = setting();
    const seen: string[] = [];
    const handle = async (texts: readonly string[]): Promise<void> => {
      seen.push(...texts);
      const failed = texts.filter((text) => text === 'outage' || text === 'poison');
      const errorOf = (text: string) => (text === 'outage' ? outage : new TypeError('Cannot be handled'));
      if (failed.length > 0)
        throw new SomeFailed(
          failed.map((item) => ({ item, error: errorOf(item) })),
          'some',
        );
    };
    const consumer = tableStreamBatch({ ...intake, handle });
    const batch = event(
      record('5', 'A', 'a1'),
      record('6', 'B', 'poison'),
      record('7', 'A', 'outage'),
      record('8', 'C', 'c1'),
    );
    expect(await run(consumer, batch)).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
    await run(consumer, event(record('7', 'A', 'outage'), record('8', 'C', 'c1')));
    expect([parked.length, seen.filter((text) => text === 'a1' || text === 'c1')]).toEqual([1, ['a1', 'c1']]);
  });

  it('reads numbers, lists and maps of an image; bytes stay base64', async () => {
    const { intake, run } = setting();
    const seen: unknown[] = [];
    const image = {
      n: { N: '1.5' },
      b: { B: 'AQI=' },
      l: { L: [{ S: 'x' }, { NULL: true }] },
      m: { M: { t: { BOOL: true } } },
    };
    const one = {
      ...record('1', 'A', ''),
      dynamodb: { SequenceNumber: '1', Keys: { stationId: { S: 'A' } }, NewImage: image },
    };
    await run(
      tableStreamBatch({ ...intake, read: ({ item }) => item, handle: async (items) => void seen.push(...items) }),
      event(one),
    );
    expect(seen).toEqual([{ n: 1.5, b: 'AQI=', l: ['x', null], m: { t: true } }]);
  });
});
