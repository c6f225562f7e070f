import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rights } from './rights.ts';
import { synthesized } from './synthesized.ts';
import { propertiesOf, text } from './template-text.ts';

const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z.union([z.array(item), item.transform((one) => [one])]).default([]);
const Statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.string(), z.object({ Service: oneOrMore(z.string()) }), z.object({ AWS: z.unknown() })]),
  Action: oneOrMore(z.string()),
  Resource: oneOrMore(z.unknown()),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
type Statement = z.infer<typeof Statement>;
const Policy = z.object({ PolicyDocument: z.object({ Statement: z.array(Statement) }) });

/** A service that puts something somewhere in its own name. */
type Publisher = {
  readonly service: string;
  /** What it acts for, as the receiver's policy sees it (aws:SourceArn). */
  readonly sourceArn: string;
  readonly action: 'sns:Publish' | 'sqs:SendMessage';
  /** Of the topic or queue, as the template names it. */
  readonly receiver: string;
};

const matches = (pattern: string, value: string): boolean =>
  pattern === value || (pattern.endsWith('*') && value.startsWith(pattern.slice(0, -1)));

/** Whether the conditions hold for a call that the publisher makes over TLS from this account. */
const holds = (condition: Statement['Condition'], sourceArn: string): boolean => {
  const known: Readonly<Record<string, string>> = {
    'aws:SourceAccount': '',
    'aws:SourceArn': sourceArn,
    'aws:SecureTransport': 'true',
  };
  return Object.values(condition).every((tests) =>
    Object.entries(tests).every(([key, wanted]) => matches(text(wanted), known[key] ?? `unknown ${key}`)),
  );
};

const lets = (statements: readonly Statement[], { service, sourceArn, action }: Publisher, resource: string): boolean =>
  statements.some(
    ({ Effect, Principal, Action, Resource, Condition }) =>
      Effect === 'Allow' &&
      typeof Principal === 'object' &&
      'Service' in Principal &&
      Principal.Service.includes(service) &&
      Action.includes(action) &&
      Resource.some((one) => text(one) === resource) &&
      holds(Condition, sourceArn),
  );

let prod: Template;
beforeAll(() => {
  prod = synthesized({ stage: 'prod' }).template;
});

const isTopic = (name: string): boolean => /^<\w+>$/.test(name);

const Rule = z.object({
  Targets: z.array(z.object({ Arn: z.unknown(), DeadLetterConfig: z.object({ Arn: z.unknown() }).optional() })),
});

const publishers = (): Publisher[] => {
  const topics = Object.keys(propertiesOf(prod, 'AWS::SNS::Topic')).map((id) => `<${id}>`);
  const queues = Object.keys(propertiesOf(prod, 'AWS::SQS::Queue')).map((id) => `<${id}.Arn>`);
  const alarms = Object.entries(propertiesOf(prod, 'AWS::CloudWatch::Alarm')).flatMap(([id, alarm]) => {
    const { AlarmActions, OKActions, InsufficientDataActions } = alarm;
    return z
      .array(z.unknown())
      .parse([AlarmActions, OKActions, InsufficientDataActions].flatMap((actions) => actions ?? []))
      .map(
        (topic): Publisher => ({
          service: 'cloudwatch.amazonaws.com',
          sourceArn: `arn::cloudwatch:::alarm:${id}`,
          action: 'sns:Publish',
          receiver: text(topic),
        }),
      );
  });
  const rules = Object.entries(propertiesOf(prod, 'AWS::Events::Rule')).flatMap(([id, rule]) =>
    Rule.parse(rule)
      .Targets.flatMap(({ Arn, DeadLetterConfig }) => [
        text(Arn),
        ...(DeadLetterConfig ? [text(DeadLetterConfig.Arn)] : []),
      ])
      .filter((receiver) => topics.includes(receiver) || queues.includes(receiver))
      .map(
        (receiver): Publisher => ({
          service: 'events.amazonaws.com',
          sourceArn: `<${id}.Arn>`,
          action: isTopic(receiver) ? 'sns:Publish' : 'sqs:SendMessage',
          receiver,
        }),
      ),
  );
  return [...alarms, ...rules];
};

const statementsOn = (receiver: string): Statement[] =>
  [
    ...Object.values(propertiesOf(prod, 'AWS::SNS::TopicPolicy')),
    ...Object.values(propertiesOf(prod, 'AWS::SQS::QueuePolicy')),
  ]
    .filter(({ Topics, Queues }) =>
      z
        .array(z.unknown())
        .parse(Topics ?? Queues)
        .some((one) => text(one) === receiver || `${text(one).replace(/>$/, '.Arn>')}` === receiver),
    )
    .flatMap((policy) => Policy.parse(policy).PolicyDocument.Statement);

describe('what a service publishes', () => {
  it('comes from alarms, and from rules to topics and dead-letter queues', () => {
    expect(new Set(publishers().map(({ service, action }) => `${service} ${action}`))).toEqual(
      new Set([
        'cloudwatch.amazonaws.com sns:Publish',
        'events.amazonaws.com sns:Publish',
        'events.amazonaws.com sqs:SendMessage',
      ]),
    );
  });

  it('is let in by the policy of the topic or queue it goes to', () => {
    const refused = publishers().filter(
      (publisher) => !lets(statementsOn(publisher.receiver), publisher, publisher.receiver),
    );
    expect(refused).toEqual([]);
  });

  it('may be encrypted with the key of its topic', () => {
    const keyOf = (receiver: string): string =>
      text(propertiesOf(prod, 'AWS::SNS::Topic')[receiver.slice(1, -1)]?.KmsMasterKeyId).replace('.Arn', '');
    const Key = z.object({ KeyPolicy: z.object({ Statement: z.array(Statement) }) });
    const refused = publishers()
      .filter(({ action }) => action === 'sns:Publish')
      .filter(({ service, receiver }) => {
        const { Statement: statements } = Key.parse(
          propertiesOf(prod, 'AWS::KMS::Key')[keyOf(receiver).slice(1, -1)],
        ).KeyPolicy;
        const may = statements.flatMap(({ Effect, Principal, Action, Condition }) =>
          Effect === 'Allow' &&
          typeof Principal === 'object' &&
          'Service' in Principal &&
          Principal.Service.includes(service) &&
          Object.keys(Condition).length === 0
            ? Action
            : [],
        );
        return !may.includes('kms:Decrypt') || !may.includes('kms:GenerateDataKey*');
      });
    expect(refused).toEqual([]);
  });
});

describe('what a schedule starts or tells', () => {
  it('its role may do, with the dead letters and the key that belong to it', () => {
    const Schedule = z.object({
      Target: z.object({
        Arn: z.unknown(),
        RoleArn: z.unknown(),
        DeadLetterConfig: z.object({ Arn: z.unknown() }).optional(),
      }),
    });
    const may = rights(prod);
    const missing = Object.values(propertiesOf(prod, 'AWS::Scheduler::Schedule')).flatMap((schedule) => {
      const { Arn, RoleArn, DeadLetterConfig } = Schedule.parse(schedule).Target;
      const role = /^<(.*)\.Arn>$/.exec(text(RoleArn))?.[1] ?? '';
      const target = text(Arn);
      const wanted = isTopic(target)
        ? [`sns:Publish ${target}`, 'kms:Decrypt <NotificationsKey.Arn>', 'kms:GenerateDataKey <NotificationsKey.Arn>']
        : [`lambda:InvokeFunction ${target}`];
      if (DeadLetterConfig !== undefined) wanted.push(`sqs:SendMessage ${text(DeadLetterConfig.Arn)}`);
      return wanted.filter((right) => !may[role]?.includes(right));
    });
    expect(missing).toEqual([]);
  });
});
