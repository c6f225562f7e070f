import { z } from 'zod';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

const Stream = z.strictObject({
  Name: z.string().optional(),
  ShardCount: z.number().int().positive().optional(),
  StreamModeDetails: z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }).optional(),
  RetentionPeriodHours: ignored,
  StreamEncryption: ignored,
  DesiredShardLevelMetrics: ignored,
  Tags: ignored,
});

export type StreamProperties = z.infer<typeof Stream>;

export const kinesisStream: ResourceKind<StreamProperties> = {
  type: 'AWS::Kinesis::Stream',
  properties: Stream,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'Name', property, account);
    return { ref: name, attributes: { Arn: arnOf('kinesis', `stream/${name}`, account) } };
  },
};

const Consumer = z.strictObject({ ConsumerName: z.string(), StreamARN: z.string(), Tags: ignored });

/** A consumer with enhanced fan-out: it reads its stream, pushed. */
export const streamConsumer: ResourceKind<z.infer<typeof Consumer>> = {
  type: 'AWS::Kinesis::StreamConsumer',
  properties: Consumer,
  physical: (_logicalId, property) => {
    const arn = `${property('StreamARN')}/consumer/${property('ConsumerName')}:1`;
    return { ref: arn, attributes: { ConsumerARN: arn } };
  },
};

/** The stream's name in its ARN, or in that of one of its consumers. */
export const streamInArn = (arn: string): string => {
  const [name = ''] = arn.slice(arn.indexOf('stream/') + 'stream/'.length).split('/');
  return name;
};

/** Whether an event source is a consumer with enhanced fan-out. */
export const isFanOut = (eventSourceArn: string): boolean => eventSourceArn.includes('/consumer/');
