import { readFileSync } from 'node:fs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { eventBus } from '../../aws/messaging/event-bus.ts';
import type { PublishedEvent } from '../../domain/events/published-event.ts';
import { catalogue } from '../../events/catalogue.ts';
import { eventBuses } from '../../local/eventbridge/event-buses.ts';
import { eventRule } from '../../local/eventbridge/event-rule.ts';
import { matchesPattern } from '../../local/eventbridge/matches-pattern.ts';
import { close, listen } from '../../local/http/http-server.ts';
import { noJournal } from '../../local/journal.ts';
import { localSystem } from '../../local/local-system.ts';
import { openQueues } from '../../local/sqs/queues.ts';
import { sqsQueue } from '../../local/sqs/sqs-queue.ts';
import { resourceTypes } from '../../local/stack/resource-types.ts';
import { deploymentOf } from '../../local/template/deployment.ts';
import { opening } from '../support/opening.ts';

const page = readFileSync(new URL('../../docs/subscribing.md', import.meta.url), 'utf8');
const written = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
const pattern = JSON.parse(written('json'));
const BUS = 'wattstream-prod';

/** The page's own code, run as it stands there. */
const subscriber = (): Template => {
  const stack = new Stack(new App(), 'Workshop');
  const names = { EventBus, Queue, Rule, SqsQueue, Duration };
  new Function(...Object.keys(names), written('ts')).apply(stack, Object.values(names));
  return Template.fromStack(stack);
};

const examples = (): readonly PublishedEvent[] =>
  catalogue().map(({ schema, example }) => ({
    type: schema.title as PublishedEvent['type'],
    detail: example.detail as PublishedEvent['detail'],
  }));

/** Deploys the page's rule beside a bus, publishes every example event, and tells what came into which queue. */
const deliveries = async (isDown: (queue: string) => boolean): Promise<Readonly<Record<string, readonly string[]>>> => {
  const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'workshop' };
  const deployment = deploymentOf({ Resources: {}, ...subscriber().toJSON() }, account, resourceTypes);
  const arns = new Map(
    deployment.all(sqsQueue).map(({ logicalId }) => [logicalId, String(deployment.physical(logicalId).attributes.Arn)]),
  );
  const nameOf = (arn: string) => [...arns].find(([, own]) => own === arn)?.[0].replace(/[0-9A-F]{8}$/, '') ?? arn;
  const queues = await openQueues(
    [...arns.values()].map((arn) => ({ arn, visibilityTimeoutMs: 30_000 })),
    async () => noJournal(),
    localSystem,
    () => {},
  );
  const send = async (arn: string, body: unknown, refuses: boolean) => {
    if (refuses) throw new Error('The queue refuses');
    await queues.send(arn, JSON.stringify(body));
  };
  const buses = eventBuses([BUS], deployment.all(eventRule), {
    deliver: async ({ targetArn, body, deadLetterArn = '' }) =>
      await send(targetArn, body, isDown(nameOf(targetArn))).catch(() => send(deadLetterArn, body, false)),
    account,
    system: localSystem,
  });
  const endpoint = `http://127.0.0.1:${await listen(buses.server, 0, '--events-port')}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new EventBridgeClient({ endpoint, region: 'eu-west-1', credentials });
  try {
    await eventBus(BUS, opening(client)).put(examples());
    const typesIn = (arn: string) => queues.messages(arn).map((message) => String(JSON.parse(message)['detail-type']));
    return Object.fromEntries([...arns].map(([, arn]) => [nameOf(arn), typesIn(arn).sort()]));
  } finally {
    client.destroy();
    await close(buses.server);
  }
};

describe('the pattern of the page', () => {
  it('matches AlertRaised and AlertEscalated and no other event', () => {
    const heard = catalogue()
      .filter(({ example }) => matchesPattern(pattern, example))
      .map(({ schema }) => schema.title);
    expect(heard).toEqual(['AlertEscalated', 'AlertRaised']);
  });

  it.each([
    ['another site', { siteId: 'hamburg' }],
    ['a lesser severity', { severity: 'info' }],
  ])('does not hear %s', (_, detail) => {
    const raised = catalogue().find(({ schema }) => schema.title === 'AlertRaised')?.example;
    expect(matchesPattern(pattern, { ...raised, detail: { ...raised?.detail, ...detail } })).toBe(false);
  });
});

describe('the CDK code of the page', () => {
  it('makes the rule of the page, with a dead-letter queue, and lets the bus write to both queues', () => {
    const template = subscriber();
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: BUS,
      EventPattern: pattern,
      Targets: [{ DeadLetterConfig: { Arn: Match.anyValue() }, RetryPolicy: { MaximumRetryAttempts: 20 } }],
    });
    template.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } }),
          ]),
        },
      },
      2,
    );
  });

  it('brings the events of the pattern, and no others, into the queue', async () => {
    expect(await deliveries(() => false)).toEqual({
      Workshop: ['AlertEscalated', 'AlertRaised'],
      FailedDeliveries: [],
    });
  });

  it('keeps what the queue refuses', async () => {
    expect(await deliveries((queue) => queue === 'Workshop')).toEqual({
      Workshop: [],
      FailedDeliveries: ['AlertEscalated', 'AlertRaised'],
    });
  });
});
