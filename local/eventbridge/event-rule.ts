import { z } from 'zod';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

const Bus = z.strictObject({
  Name: z.string(),
  DeadLetterConfig: ignored,
  Description: ignored,
  KmsKeyIdentifier: ignored,
  LogConfig: ignored,
  Policy: ignored,
  Tags: ignored,
});

export const eventBus: ResourceKind<z.infer<typeof Bus>> = {
  type: 'AWS::Events::EventBus',
  properties: Bus,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'Name', property, account);
    return { ref: name, attributes: { Name: name, Arn: arnOf('events', `event-bus/${name}`, account) } };
  },
};

/** EventBridge's and the Scheduler's own: "for 24 hours and up to 185 times with an exponential back off and jitter". */
export const RetryPolicy = z
  .strictObject({
    MaximumRetryAttempts: z.number().default(185),
    MaximumEventAgeInSeconds: z.number().default(24 * 3_600),
  })
  .prefault({});

export const Target = z.strictObject({
  Arn: z.string(),
  Id: z.string(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  KinesisParameters: z.strictObject({ PartitionKeyPath: z.string() }).optional(),
  RetryPolicy,
  RoleArn: ignored,
});

export const Rule = z.strictObject({
  Name: z.string().optional(),
  EventBusName: z.string().default('default'),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(Target).default([]),
  Description: ignored,
  RoleArn: ignored,
  Tags: ignored,
});

export type RuleProperties = z.infer<typeof Rule>;

export const eventRule: ResourceKind<RuleProperties> = {
  type: 'AWS::Events::Rule',
  properties: Rule,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'Name', property, account);
    return { ref: name, attributes: { Arn: arnOf('events', `rule/${name}`, account) } };
  },
};
