import type { Context, KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { kinesis } from '../../runtime/kinesis.ts';
import { fakeSystem } from '../fakes/system.ts';

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

const context = Object.assign({} as Context, { awsRequestId: 'r' } satisfies Partial<Context>);
const outage = () => Object.assign(new Error('no luck'), { $fault: 'server' });

/** A consumer whose texts name their key up to the dash and what becomes of them; `parkFails` shuts the bucket. */
const setting = ({ parkFails = false }: { parkFails?: boolean } = {}) => {
  const handled: string[] = [];
  const parked: string[] = [];
  const system = fakeSystem();
  const bucket = { isShut: parkFails };
  const handler = kinesis<string>({
    decode: (data) => {
      if (data.includes('garbage')) throw new Rejected('not readable');
      if (data.includes('bug')) throw new TypeError('x is undefined');
      return { key: data.slice(0, data.indexOf('-')), value: data };
    },
    handle: async (batch) => {
      for (const value of batch) {
        if (value.includes('outage')) throw outage();
        if (value.includes('poison')) throw new RangeError('cannot be stored');
        if (!handled.includes(value)) handled.push(value);
      }
    },
    park: async ({ shardId, sequenceNumber, reason, data }) => {
      if (bucket.isShut) throw Object.assign(new Error('Access Denied'), { name: 'AccessDenied', $fault: 'client' });
      parked.push(`${shardId} ${sequenceNumber} ${reason}: ${data}`);
    },
    stage: 'dev',
    warn: () => undefined,
    system,
  });
  const run = async (...records: KinesisStreamRecord[]) =>
    (await handler({ Records: records }, context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { handled, parked, bucket, system, run };
};

describe('the Kinesis trigger', () => {
  it('restarts at the lowest sequence number that waits, by number and not as text', async () => {
    const { run, handled } = setting();
    expect(await run(record('9', 'b-outage'), record('10', 'a-outage'), record('11', 'c-fine'))).toEqual(['9']);
    expect(handled).toEqual(['c-fine']);
  });

  it('stops a key where it has to wait while other keys go on', async () => {
    const { run, handled } = setting();
    await run(record('1', 'a-outage'), record('2', 'a-later'), record('3', 'b-fine'));
    expect(handled).toEqual(['b-fine']);
  });

  it('stops a key also where more of its records wait than are handled at once', async () => {
    const { run, handled } = setting();
    const many = Array.from({ length: 450 }, (_, index) => record(`${index + 2}`, `a-${index}`));
    expect(await run(record('1', 'a-outage'), ...many, record('900', 'b-fine'))).toEqual(['1']);
    expect(handled).toEqual(['b-fine']);
  });

  it('does what waited behind a record of its key, however much, when all of it comes again', async () => {
    const { run, handled, bucket } = setting({ parkFails: true });
    const texts = Array.from({ length: 450 }, (_, index) => `a-${index}`);
    const records = [record('1', 'a-poison'), ...texts.map((text, index) => record(`${index + 2}`, text))];
    expect(await run(...records)).toEqual(['1']);
    bucket.isShut = false;
    expect(await run(...records)).toEqual([]);
    expect(handled).toEqual(texts);
  });

  it('does not do again what was done above the number it restarts at', async () => {
    const { run, handled } = setting();
    await run(record('1', 'a-outage'), record('2', 'b-fine'));
    handled.length = 0;
    await run(record('1', 'a-outage'), record('2', 'b-fine'));
    expect(handled).toEqual([]);
  });

  it('waits for a service that is out within the minute of an invocation', async () => {
    const { run, system } = setting();
    await run(record('1', 'a-outage'));
    expect(system.clock()).toBeGreaterThan(15_000);
    expect(system.clock()).toBeLessThanOrEqual(30_000);
  });

  it('parks what cannot be read, for whatever reason, and moves on', async () => {
    const { run, parked, handled, system } = setting();
    expect(await run(record('1', 'garbage'), record('2', 'bug'), record('3', 'a-fine'))).toEqual([]);
    expect(parked).toEqual([
      'shardId-000000000000 1 not readable: garbage',
      'shardId-000000000000 2 x is undefined: bug',
    ]);
    expect([handled, system.clock()]).toEqual([['a-fine'], 0]);
  });

  it('parks the one record that cannot be stored, at once, and goes on with those behind it', async () => {
    const { run, parked, handled, system } = setting();
    expect(await run(record('1', 'a-1'), record('2', 'a-poison'), record('3', 'a-3'), record('4', 'b-1'))).toEqual([]);
    expect(parked).toEqual(['shardId-000000000000 2 cannot be stored: a-poison']);
    expect([handled.toSorted(), system.clock()]).toEqual([['a-1', 'a-3', 'b-1'], 0]);
  });

  it('gives a record back that cannot be parked, with those of its key behind it, and goes on with all others', async () => {
    const { run, parked, handled, bucket } = setting({ parkFails: true });
    const records = [record('1', 'a-poison'), record('2', 'a-2'), record('3', 'b-1'), record('4', 'garbage')];
    expect(await run(...records)).toEqual(['1']);
    expect(handled).toEqual(['b-1']);
    bucket.isShut = false;
    expect(await run(...records)).toEqual([]);
    expect([handled, parked.length]).toEqual([['b-1', 'a-2'], 2]);
  });
});
