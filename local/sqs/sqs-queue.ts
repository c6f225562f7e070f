import { z } from 'zod';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

const Queue = z.strictObject({
  QueueName: z.string().optional(),
  DelaySeconds: ignored,
  FifoQueue: z.literal(false).optional(),
  KmsDataKeyReusePeriodSeconds: ignored,
  KmsMasterKeyId: ignored,
  MessageRetentionPeriod: ignored,
  RedrivePolicy: ignored,
  SqsManagedSseEnabled: ignored,
  Tags: ignored,
  VisibilityTimeout: z.number().default(30),
});

export const sqsQueue: ResourceKind<z.infer<typeof Queue>> = {
  type: 'AWS::SQS::Queue',
  properties: Queue,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'QueueName', property, account);
    const url = `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${name}`;
    return { ref: url, attributes: { Arn: arnOf('sqs', name, account), QueueName: name, QueueUrl: url } };
  },
};
