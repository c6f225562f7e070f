import { describe, expect, it } from 'vitest';
import { parkedCommand } from '../../cli/parked/parked-command.ts';
import type { ParkedArchive } from '../../use-cases/ports/parked-records.ts';
import type { SiteRecord } from '../../use-cases/ports/sites/site-record.ts';
import { redrive } from '../../use-cases/redrive/redrive.ts';
import { fakeOcppStream } from '../fakes/ocpp-stream.ts';

const now = Date.parse('2026-11-20T12:30:00.000Z');
const envelope = {
  kind: 'frame',
  stationId: 'CP01',
  ocpp: '1.6',
  transport: 'websocket',
  receivedAt: now,
  frame: '[2,"m1","Heartbeat",{}]',
  answer: '[3,"m1",{"currentTime":"2026-11-20T12:30:00.000Z"}]',
};
const own = (reason: string, data: string, partitionKey = 'CP01') =>
  JSON.stringify({
    source: 'arn:aws:kinesis:eu-west-1:1:stream/ocpp',
    shardId: 'shardId-000000000000',
    sequenceNumber: '7',
    partitionKey,
    reason,
    data,
  });
const change = {
  eventID: '1',
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:1:table/stations/stream/x',
  dynamodb: { Keys: { stationId: { S: 'CP02' } }, SequenceNumber: '9', NewImage: { stationId: { S: 'CP02' } } },
};
/** As Lambda writes it to a bucket: the batch stands in it as text. */
const givenUp = JSON.stringify({
  requestContext: { condition: 'MaximumRecordAgeExceeded', functionArn: 'arn', approximateInvokeCount: 400 },
  payload: JSON.stringify({
    Records: [
      { kinesis: { partitionKey: 'CP03', data: Buffer.from(JSON.stringify(envelope)).toString('base64') } },
      change,
    ],
  }),
});

const bucket = {
  'records/2026/11/20/11/ocpp/s/1.json': [own('Cannot be folded', JSON.stringify(envelope)), now - 3_600_000],
  'records/2026/11/20/12/ocpp/s/2.json': [own('Malformed envelope', 'no json', 'unknown'), now - 60_000],
  'aws/lambda/mapping/shard/1': [givenUp, now - 50_000],
  'aws/lambda/async/fn/1': ['{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":{}}', now - 40_000],
} as const;

const setting = () => {
  const objects = new Map<string, readonly [string, number]>(Object.entries(bucket));
  const archive: ParkedArchive = {
    list: async (fromMs, toMs) =>
      [...objects].map(([key, [, at]]) => ({ key, at })).filter(({ at }) => at >= fromMs && at <= toMs),
    read: async (key) => objects.get(key)?.[0],
    remove: async (key) => void objects.delete(key),
  };
  const stream = fakeOcppStream();
  const told: object[] = [];
  const atSites: SiteRecord[] = [];
  const lines: string[] = [];
  const ports = {
    archive,
    redrive: redrive({
      stream,
      sites: { put: async (records) => void atSites.push(...records) },
      tellChange: async (record) => void told.push(record),
    }),
    now: () => now,
  };
  const run = (...argv: string[]) => parkedCommand(argv, ports, (line) => lines.push(line));
  return { run, lines, objects, stream, told, atSites };
};

describe('what is parked', () => {
  it('is listed by hour, with the station and the reason', async () => {
    const { run, lines } = setting();
    await run('list');
    expect(lines).toEqual([
      '2026-11-20T11:00Z  1 parked',
      '  records/2026/11/20/11/ocpp/s/1.json\tCP01\tCannot be folded',
      '2026-11-20T12:00Z  3 parked',
      '  records/2026/11/20/12/ocpp/s/2.json\tunknown\tMalformed envelope',
      '  aws/lambda/mapping/shard/1\tCP03,CP02\tMaximumRecordAgeExceeded',
      '  aws/lambda/async/fn/1\t-\tholds no records of a stream',
    ]);
  });

  it('is listed within the hours that are asked for', async () => {
    const { run, lines } = setting();
    await run('list', '--hours', '1', '--json');
    expect(JSON.parse(lines[0] ?? '').length).toBe(4);
    await expect(run('list', '--hours', 'soon')).rejects.toThrow('--hours is a number');
  });

  it('is shown as it was parked', async () => {
    const { run, lines } = setting();
    await run('show', 'records/2026/11/20/12/ocpp/s/2.json');
    expect(lines).toEqual([own('Malformed envelope', 'no json', 'unknown')]);
    await expect(run('show', 'elsewhere')).rejects.toThrow('Nothing is parked under elsewhere');
  });
});

describe('redriving', () => {
  it('puts a record back on its stream and takes it out of the bucket', async () => {
    const { run, lines, objects, stream } = setting();
    const key = 'records/2026/11/20/11/ocpp/s/1.json';
    await run('redrive', key);
    expect([stream.records, objects.has(key), lines]).toEqual([[envelope], false, [`${key}: one record put back`]]);
  });

  it('puts all back, changes to those who follow their table, and says what stays and why', async () => {
    const { run, lines, objects, stream, told } = setting();
    await expect(run('redrive', '--all')).rejects.toThrow('2 of 4 stay parked');
    expect([stream.records, told]).toEqual([[envelope, envelope], [change]]);
    expect([...objects.keys()]).toEqual(['records/2026/11/20/12/ocpp/s/2.json', 'aws/lambda/async/fn/1']);
    expect(lines.join('\n')).toMatch(/2\.json: stays, Malformed envelope/);
  });

  it('puts a record of a site back on the stream of sites', async () => {
    const { run, objects, stream, atSites } = setting();
    const tick = { kind: 'site-tick', siteId: 'A', receivedAt: now };
    objects.set('records/site.json', [own('Cannot be read', JSON.stringify(tick), 'A'), now]);
    await run('redrive', 'records/site.json');
    expect([atSites, stream.records, objects.has('records/site.json')]).toEqual([[tick], [], false]);
  });

  it('keeps in the bucket what the stream does not take', async () => {
    const { run, objects, stream } = setting();
    stream.refuse();
    await expect(run('redrive', '--all')).rejects.toThrow('ProvisionedThroughputExceeded');
    expect(objects.size).toBe(4);
  });

  it('wants to know what', async () => {
    const { run } = setting();
    await expect(run('redrive')).rejects.toThrow('Give one key, or --all');
    await expect(run('redrive', 'a', '--all')).rejects.toThrow('Give one key, or --all');
    await expect(run('show', 'a', '--hours', '2')).rejects.toThrow('show has no --hours');
    await expect(run('remove', 'a')).rejects.toThrow('There is no command "remove"');
  });
});
