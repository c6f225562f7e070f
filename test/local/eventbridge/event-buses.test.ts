import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventBuses } from '../../../local/eventbridge/event-buses.ts';
import { eventRule } from '../../../local/eventbridge/event-rule.ts';
import type { TargetDelivery } from '../../../local/eventbridge/target-delivery.ts';
import { close, listen } from '../../../local/http/http-server.ts';
import { localSystem } from '../../../local/local-system.ts';

let delivered: TargetDelivery[] = [];
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
        { Id: '3', Arn: 'queue', DeadLetterConfig: { Arn: 'letters' }, RetryPolicy: { MaximumRetryAttempts: 3 } },
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
    deliver: async (delivery) => void delivered.push(delivery),
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

it('hands an event to the targets of the rules that match on its bus, with what their policies say', async () => {
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
  const usual = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };
  const common = { owner: 'Rule', event, retryPolicy: usual };
  expect(delivered).toEqual([
    { ...common, targetArn: 'lambda', body: event },
    { ...common, targetArn: 'stream', body: detail, partitionKey: 's1' },
    {
      ...common,
      targetArn: 'queue',
      body: event,
      deadLetterArn: 'letters',
      retryPolicy: { ...usual, MaximumRetryAttempts: 3 },
    },
  ]);
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
