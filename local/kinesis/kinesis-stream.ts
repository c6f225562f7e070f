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

/** The stream's name in its ARN. */
export const streamInArn = (arn: string): string => arn.slice(arn.indexOf('stream/') + 'stream/'.length);
