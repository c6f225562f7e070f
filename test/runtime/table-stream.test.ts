import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { tableStream, tableStreamBatch } from '../../runtime/table-stream.ts';
import type { ParkedRecord } from '../../use-cases/ports/parked-records.ts';
import type { TableChange } from '../../use-cases/ports/table-change.ts';

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
const setting = () => {
  const parked: ParkedRecord[] = [];
  const done: string[] = [];
  const intake = { read: textOf, park: async (one: ParkedRecord) => void parked.push(one), warn: () => undefined };
  const handle = async (text: string): Promise<void> => {
    if (text === 'poison') throw new Rejected('Cannot be handled');
    if (text === 'outage') throw new Error('The store is out of reach');
    done.push(text);
  };
  // Lambda passes more of a context than middy looks at here.
  const run = (handler: unknown, input: DynamoDBStreamEvent) =>
    (handler as (event: unknown, context: unknown) => Promise<unknown>)(input, context);
  return { parked, done, intake, handle, run };
};

describe('a consumer by key', () => {
  it('stops a key at its first failure, goes on with others, and names the lowest failure', async () => {
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
    const { intake, handle, run, done, parked } = setting();
    const response = await run(
      tableStream({ ...intake, handle }),
      event(record('1', 'A', 'unreadable'), record('2', 'A', 'poison'), record('3', 'A', 'a1')),
    );
    expect([
      response,
      done,
      parked.map(({ sequenceNumber, reason, source, partitionKey }) => [sequenceNumber, reason, source, partitionKey]),
    ]).toEqual([
      { batchItemFailures: [] },
      ['a1'],
      [
        ['1', 'Cannot be read', 'arn:aws:dynamodb:eu-west-1:1:table/connectors', 'A'],
        ['2', 'Cannot be handled', 'arn:aws:dynamodb:eu-west-1:1:table/connectors', 'A'],
      ],
    ]);
  });
});

describe('a consumer of whole batches', () => {
  it('has all of a batch delivered again when a store fails', async () => {
    const { intake, handle, run } = setting();
    const all = async (texts: readonly string[]) => {
      for (const text of texts) await handle(text);
    };
    const response = await run(
      tableStreamBatch({ ...intake, handle: all }),
      event(record('5', 'A', 'a1'), record('6', 'B', 'outage')),
    );
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '5' }] });
  });

  it('finds the one record that is to blame and parks only that', async () => {
    const { intake, handle, run, parked, done } = setting();
    const all = async (texts: readonly string[]) => {
      if (texts.includes('poison')) throw new Rejected('Cannot be handled');
      for (const text of texts) await handle(text);
    };
    const response = await run(
      tableStreamBatch({ ...intake, handle: all }),
      event(record('5', 'A', 'a1'), record('6', 'B', 'poison'), record('7', 'A', 'a2'), record('8', 'C', 'unreadable')),
    );
    expect([response, done, parked.map(({ sequenceNumber }) => sequenceNumber)]).toEqual([
      { batchItemFailures: [] },
      ['a1', 'a2'],
      ['8', '6'],
    ]);
  });

  it('reads numbers, bytes, lists and maps of an image', async () => {
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
