import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventBuses } from '../../../local/eventbridge/event-buses.ts';
import { eventRule } from '../../../local/eventbridge/event-rule.ts';
import { close, listen } from '../../../local/http/http-server.ts';
import { periodMs } from '../../../local/scheduler/schedule.ts';
import { localSystem } from '../../../local/system.ts';

let delivered: [string, unknown, string | undefined][] = [];
let dead: [string, string][] = [];
const rule = (properties: object) => ({ logicalId: 'Rule', properties: eventRule.properties.parse(properties) });
const buses = eventBuses(
  ['wattstream'],
  [
    rule({
      EventBusName: 'wattstream',
      EventPattern: { source: ['wattstream'], detail: { severity: ['critical'] } },
      Targets: [
        { Id: '1', Arn: 'lambda' },
        { Id: '2', Arn: 'stream', InputPath: '$.detail', KinesisParameters: { PartitionKeyPath: '$.detail.siteId' } },
        { Id: '3', Arn: 'down', DeadLetterConfig: { Arn: 'letters' } },
      ],
    }),
    rule({ EventPattern: { source: ['wattstream'] }, Targets: [{ Id: '1', Arn: 'default-bus' }] }),
    rule({
      EventBusName: 'wattstream',
      State: 'DISABLED',
      EventPattern: { source: ['wattstream'] },
      Targets: [{ Id: '1', Arn: 'off' }],
    }),
  ],
  {
    deliver: async (target, input, key) => {
      if (target === 'down') throw new Error('unreachable');
      delivered.push([target, input, key]);
    },
    deadLetter: async (queue, _event, reason) => void dead.push([queue, reason]),
    report: () => undefined,
    account: { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' },
    system: { ...localSystem, clock: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) },
  },
);
let client: EventBridgeClient;
beforeAll(async () => {
  const endpoint = `http://127.0.0.1:${await listen(buses.server, 0, '--events-port')}`;
  client = new EventBridgeClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
beforeEach(() => {
  delivered = [];
  dead = [];
});
afterAll(async () => {
  client.destroy();
  await close(buses.server);
});

const detail = { severity: 'critical', siteId: 's1' };
const entry = {
  Source: 'wattstream',
  DetailType: 'AlertRaised',
  Detail: JSON.stringify(detail),
  EventBusName: 'wattstream',
};

it('hands an event to the targets of the rules that match on its bus, and to the dead letters of one that is down', async () => {
  const answer = await client.send(
    new PutEventsCommand({ Entries: [entry, { ...entry, Detail: '{"severity":"minor"}' }] }),
  );
  const event = {
    version: '0',
    id: answer.Entries?.[0]?.EventId,
    'detail-type': 'AlertRaised',
    source: 'wattstream',
    account: '000000000000',
    time: '2026-01-02T03:04:05Z',
    region: 'eu-west-1',
    resources: [],
    detail,
  };
  expect(delivered).toEqual([
    ['lambda', event, undefined],
    ['stream', detail, 's1'],
  ]);
  expect(dead).toEqual([['letters', 'unreachable']]);
});

it('reports failed entries inside a successful answer', async () => {
  const answer = await client.send(
    new PutEventsCommand({ Entries: [{ ...entry, EventBusName: 'nowhere' }, { ...entry, Detail: 'no json' }, entry] }),
  );
  expect([answer.FailedEntryCount, answer.Entries?.map(({ ErrorCode }) => ErrorCode)]).toEqual([
    2,
    ['ResourceNotFoundException', 'MalformedDetail', undefined],
  ]);
});

it('refuses more than ten entries at once', async () => {
  await expect(client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry) }))).rejects.toThrow(
    /10/,
  );
});

it.each([
  ['rate(1 minute)', 60_000],
  ['rate(5 minutes)', 300_000],
  ['rate(2 hours)', 7_200_000],
  ['cron(* * * * ? *)', 60_000],
])('runs %s every %i ms', (expression, expected) => {
  expect(periodMs(expression)).toBe(expected);
});

it('refuses a schedule it cannot keep', () => {
  expect(() => periodMs('cron(0 3 * * ? *)')).toThrow(/not supported/);
});
