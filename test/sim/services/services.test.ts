import {
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand as PublishMqttCommand } from '@aws-sdk/client-iot-data-plane';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { RuleProperties } from '../../../local/eventbridge/event-rule.ts';
import type { TargetDelivery } from '../../../local/eventbridge/target-delivery.ts';
import { simEventBridge } from '../../../sim/services/sim-event-bridge.ts';
import { type MqttMessage, simIotData } from '../../../sim/services/sim-iot-data.ts';
import { simManagementApi } from '../../../sim/services/sim-management-api.ts';
import { simS3 } from '../../../sim/services/sim-s3.ts';
import { simSns } from '../../../sim/services/sim-sns.ts';
import { simSqs } from '../../../sim/services/sim-sqs.ts';
import { simStepFunctions } from '../../../sim/services/sim-step-functions.ts';
import { account, simContext } from './world.ts';

const refusal = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('S3', () => {
  it('lists in pages of a thousand, in the order of the keys', async () => {
    const { clock, context } = simContext();
    const { client, put } = simS3(['bucket'], context);
    for (let index = 1_200; index > 0; index -= 1) put('bucket', `a/${String(index).padStart(5, '0')}`, 'x');
    put('bucket', 'b/1', 'x');
    clock.now += 1_500;
    const pages: number[] = [];
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: 'bucket', Prefix: 'a/' })) {
      pages.push(Contents.length);
      keys.push(...Contents.map(({ Key = '' }) => Key));
    }
    expect(pages).toEqual([1_000, 200]);
    expect(keys).toEqual(keys.toSorted());
  });

  it('gives back what was put last, and tells what was never put', async () => {
    const { context } = simContext();
    const { client } = simS3(['bucket'], context);
    await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: 'old' }));
    await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: new TextEncoder().encode('new') }));
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }));
    expect(await Body?.transformToString()).toBe('new');
    expect(await refusal(client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'other' })))).toBeInstanceOf(
      NoSuchKey,
    );
    const empty = await client.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'x' }));
    expect(empty.Contents).toBeUndefined();
  });
});

describe('EventBridge', () => {
  const rule: RuleProperties = {
    EventBusName: 'bus',
    EventPattern: { 'detail-type': ['SessionEnded'], detail: { kwh: [{ numeric: ['>', 5] }] } },
    State: 'ENABLED',
    Targets: [{ Arn: 'arn:target', Id: 't', RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 60 } }],
  };
  const world = (...given: Parameters<typeof simContext>) => {
    const delivered: TargetDelivery[] = [];
    const rules = [{ logicalId: 'Rule', properties: rule }] as never;
    const { context } = simContext(...given);
    const bridge = simEventBridge(
      { names: ['bus'], rules, account, deliver: (one) => void delivered.push(one) },
      context,
    );
    const entry = (kwh: number) => ({
      EventBusName: 'bus',
      Source: 'wattstream',
      DetailType: 'SessionEnded',
      Detail: JSON.stringify({ kwh }),
    });
    return { ...bridge, delivered, entry };
  };

  it('delivers what a rule wants', async () => {
    const { client, delivered, entry, events } = world();
    const answer = await client.send(new PutEventsCommand({ Entries: [entry(3), entry(7)] }));
    expect(answer.FailedEntryCount).toBe(0);
    expect(delivered.map(({ targetArn, event }) => [targetArn, (event as { detail: object }).detail])).toEqual([
      ['arn:target', { kwh: 7 }],
    ]);
    expect(events('bus')).toHaveLength(2);
  });

  it('fails for single entries while the request succeeds', async () => {
    const { client, entry, events } = world({ deferred: 0.5 });
    const answer = await client.send(new PutEventsCommand({ Entries: Array.from({ length: 10 }, () => entry(1)) }));
    const failed = answer.Entries?.filter(({ ErrorCode }) => ErrorCode === 'InternalFailure') ?? [];
    expect(answer.FailedEntryCount).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(0);
    expect(events('bus')).toHaveLength(10 - failed.length);
  });

  it('delivers at least once', async () => {
    const { client, delivered, entry } = world({ duplicates: 1 });
    await client.send(new PutEventsCommand({ Entries: [entry(7)] }));
    expect(delivered).toHaveLength(2);
  });

  it('refuses eleven entries, and an entry whose detail is no object', async () => {
    const { client, entry } = world();
    const many = client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry(1)) }));
    expect(await refusal(many)).toMatchObject({ name: 'ValidationException' });
    const { Entries } = await client.send(new PutEventsCommand({ Entries: [{ ...entry(1), Detail: '[1]' }] }));
    expect(Entries?.[0]?.ErrorCode).toBe('MalformedDetail');
  });
});

describe('SNS', () => {
  it('keeps what was published, and refuses a subject with a line break or of 100 letters', async () => {
    const { context } = simContext();
    const { client, published } = simSns(['arn:topic'], context);
    const publish = (Subject: string) =>
      client.send(new PublishCommand({ TopicArn: 'arn:topic', Subject, Message: 'text' }));
    await publish('Site 1 is down');
    for (const subject of ['one\ntwo', 'x'.repeat(100)])
      expect(await refusal(publish(subject))).toMatchObject({ name: 'InvalidParameterException' });
    expect(published('arn:topic')).toMatchObject([{ subject: 'Site 1 is down', message: 'text' }]);
  });
});

describe('SQS', () => {
  const queue = {
    arn: 'arn:queue',
    url: 'https://queue',
    visibilityTimeoutMs: 60_000,
    redrive: { arn: 'arn:dead', afterReceives: 2 },
  };
  const dead = { arn: 'arn:dead', url: 'https://dead', visibilityTimeoutMs: 30_000 };
  const world = (...given: Parameters<typeof simContext>) => {
    const { clock, context } = simContext(...given);
    const sqs = simSqs([queue, dead], context);
    const put = (...bodies: readonly string[]) =>
      sqs.client.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.url,
          Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, DelaySeconds: 10 * index })),
        }),
      );
    return { clock, ...sqs, put, bodies: () => sqs.receive(queue.arn, 10).map(({ body }) => body) };
  };

  it('hands a message over when its delay is over', async () => {
    const { put, bodies, clock, nextAt } = world();
    await put('now', 'later');
    expect(bodies()).toEqual(['now']);
    expect(nextAt(queue.arn)).toBe(clock.now + 10_000);
    clock.now += 10_000;
    expect(bodies()).toEqual(['later']);
  });

  it('hands a message over again when it was not deleted in time, until it goes to the dead letters', async () => {
    const { put, bodies, clock, receive, remove, messages } = world();
    await put('a');
    expect(bodies()).toEqual(['a']);
    expect(bodies()).toEqual([]);
    clock.now += 60_000;
    expect(bodies()).toEqual(['a']);
    clock.now += 60_000;
    expect(bodies()).toEqual([]);
    expect(messages(queue.arn)).toEqual([]);
    const [letter] = receive(dead.arn, 10);
    expect(letter).toMatchObject({ body: 'a', receives: 1 });
    remove(dead.arn, letter?.receiptHandle ?? '');
    expect(messages(dead.arn)).toEqual([]);
  });

  it('does not delete what somebody else has received since', async () => {
    const { put, clock, receive, remove, messages } = world();
    await put('a');
    const [first] = receive(queue.arn, 1);
    clock.now += 60_000;
    receive(queue.arn, 1);
    remove(queue.arn, first?.receiptHandle ?? '');
    expect(messages(queue.arn)).toHaveLength(1);
  });

  it('delivers at least once', async () => {
    const { put, bodies } = world({ duplicates: 1 });
    await put('a');
    expect([...bodies(), ...bodies()]).toEqual(['a', 'a']);
  });

  it('takes part of a batch and names the rest', async () => {
    const { put, messages } = world({ deferred: 0.5 });
    const { Successful = [], Failed = [] } = await put(...'abcdefghij');
    expect(Failed.length).toBeGreaterThan(0);
    expect(messages(queue.arn)).toHaveLength(Successful.length);
    expect(Failed.length + Successful.length).toBe(10);
  });

  it('refuses eleven messages, and one with a character XML does not know', async () => {
    const { put } = world();
    expect(await refusal(put(...'abcdefghijk'))).toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    expect((await put('\u0001')).Failed).toMatchObject([{ Code: 'InvalidMessageContents', SenderFault: true }]);
  });
});

describe('Step Functions', () => {
  const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:Machine';
  const start = (name: string, input: string) => new StartExecutionCommand({ stateMachineArn, name, input });

  it('starts an execution once, as long as it runs and the input is the same', async () => {
    const { clock, context } = simContext();
    const { client, executions } = simStepFunctions([stateMachineArn], context);
    const first = await client.send(start('one', '{"a":1}'));
    clock.now += 5_000;
    expect(await client.send(start('one', '{"a":1}'))).toEqual(first);
    expect(await refusal(client.send(start('one', '{"a":2}')))).toBeInstanceOf(ExecutionAlreadyExists);
    expect(executions(stateMachineArn)).toHaveLength(1);
  });

  it('keeps the name of an execution that has ended for ninety days', async () => {
    const { clock, context } = simContext();
    const { client, onStop, onStart } = simStepFunctions([stateMachineArn], context);
    const told: string[] = [];
    onStart(({ name }) => told.push(`start ${name}`));
    onStop((arn) => told.push(`stop ${arn.split(':').at(-1)}`));
    const { executionArn } = await client.send(start('one', '{}'));
    await client.send(new StopExecutionCommand({ executionArn }));
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: 'ABORTED' });
    clock.now += 89 * 24 * 3_600_000;
    expect(await refusal(client.send(start('one', '{}')))).toBeInstanceOf(ExecutionAlreadyExists);
    clock.now += 2 * 24 * 3_600_000;
    await client.send(start('one', '{}'));
    expect(told).toEqual(['start one', 'stop one', 'start one']);
  });

  it.each([
    ['a name with a slash', start('a/b', '{}'), 'InvalidName'],
    ['an input that is no JSON', start('a', '{'), 'InvalidExecutionInput'],
    [
      'a machine that is not there',
      new StartExecutionCommand({ stateMachineArn: 'arn:other' }),
      'StateMachineDoesNotExist',
    ],
  ])('refuses %s', async (_, command, name) => {
    const { client } = simStepFunctions([stateMachineArn], simContext().context);
    expect(await refusal(client.send(command))).toMatchObject({ name });
  });
});

describe('the management API of WebSockets', () => {
  it('posts to a connection, closes it, and says Gone afterwards', async () => {
    const open = new Map<string, string[]>([['c-1', []]]);
    const { client } = simManagementApi((id) => {
      const frames = open.get(id);
      return (
        frames && {
          post: (text) => void frames.push(text),
          close: () => void open.delete(id),
          connectedAt: 0,
          lastActiveAt: 0,
          sourceIp: '192.0.2.1',
        }
      );
    }, simContext().context);
    const post = (Data: string) => client.send(new PostToConnectionCommand({ ConnectionId: 'c-1', Data }));
    await post('frame');
    expect(open.get('c-1')).toEqual(['frame']);
    expect(await refusal(post('x'.repeat(129 * 1024)))).toMatchObject({ name: 'PayloadTooLargeException' });
    await client.send(new DeleteConnectionCommand({ ConnectionId: 'c-1' }));
    expect(await refusal(post('frame'))).toBeInstanceOf(GoneException);
    expect(await refusal(client.send(new DeleteConnectionCommand({ ConnectionId: 'c-1' })))).toBeInstanceOf(
      GoneException,
    );
  });
});

describe('the data plane of AWS IoT', () => {
  it('delivers once with QoS 0, and now and then twice with QoS 1', async () => {
    const delivered: MqttMessage[] = [];
    const { client } = simIotData((message) => void delivered.push(message), simContext({ duplicates: 1 }).context);
    const publish = (topic: string, qos: number) =>
      client.send(new PublishMqttCommand({ topic, qos, payload: new Uint8Array([1]) }));
    await publish('ocpp/A/out', 0);
    await publish('ocpp/B/out', 1);
    expect(delivered.map(({ topic }) => topic)).toEqual(['ocpp/A/out', 'ocpp/B/out', 'ocpp/B/out']);
    expect(await refusal(publish('ocpp/+/out', 0))).toMatchObject({ name: 'InvalidRequestException' });
  });
});
