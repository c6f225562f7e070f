import type { Context, KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { kinesis } from '../../runtime/kinesis.ts';

const record = (sequenceNumber: string, text: string): KinesisStreamRecord => ({
  awsRegion: 'local',
  eventID: `shardId-000000000000:${sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  eventSource: 'aws:kinesis',
  eventSourceARN: 'arn:aws:kinesis:local:0:stream/ocpp',
  eventVersion: '1.0',
  invokeIdentityArn: '',
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey: text,
    sequenceNumber,
    data: Buffer.from(text).toString('base64'),
    approximateArrivalTimestamp: 0,
  },
});

/** Runs a batch: each text is its own key up to the dash; handling fails where the text says so. */
const run = async (...records: KinesisStreamRecord[]) => {
  const handled: string[] = [];
  const parked: string[] = [];
  const breaths: unknown[] = [];
  const handler = kinesis<string>({
    decode: (data) => {
      if (data.includes('garbage')) throw new Rejected('not readable');
      return { key: data.slice(0, data.indexOf('-')), value: data };
    },
    handle: async (_, batch) => {
      for (const { value } of batch) {
        if (value.includes('fail')) throw new Error('no luck');
        handled.push(value);
      }
    },
    park: async ({ shardId, sequenceNumber, reason, data }) => {
      parked.push(`${shardId} ${sequenceNumber} ${reason}: ${data}`);
    },
    warn: () => undefined,
    backOff: async (errors) => breaths.push(errors.map((error) => (error instanceof Error ? error.message : error))),
  });
  const context: Partial<Context> = { awsRequestId: 'r' };
  const response = await handler({ Records: records }, Object.assign({} as Context, context));
  return { handled, parked, breaths, failures: response.batchItemFailures };
};

describe('the Kinesis trigger', () => {
  it('draws breath before it gives failed records back, and only then', async () => {
    expect((await run(record('1', 'a-fail'), record('2', 'b-fine'))).breaths).toEqual([['no luck']]);
    expect((await run(record('1', 'a-fine'), record('2', 'garbage'))).breaths).toEqual([]);
  });

  it('restarts at the lowest failed sequence number, by number and not as text', async () => {
    const { failures, handled } = await run(record('9', 'b-fail'), record('10', 'a-fail'), record('11', 'c-fine'));
    expect(failures).toEqual([{ itemIdentifier: '9' }]);
    expect(handled).toEqual(['c-fine']);
  });

  it('stops a key at its failure while other keys go on', async () => {
    const { handled } = await run(record('1', 'a-fail'), record('2', 'a-later'), record('3', 'b-fine'));
    expect(handled).toEqual(['b-fine']);
  });

  it('parks what cannot be read and moves on', async () => {
    const { parked, handled, failures } = await run(record('1', 'garbage'), record('2', 'a-fine'));
    expect(parked).toEqual(['shardId-000000000000 1 not readable: garbage']);
    expect([handled, failures]).toEqual([['a-fine'], []]);
  });
});
