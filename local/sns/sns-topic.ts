import { z } from 'zod';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

const Topic = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: ignored,
  FifoTopic: z.literal(false).optional(),
  KmsMasterKeyId: ignored,
  SignatureVersion: ignored,
  Tags: ignored,
  TracingConfig: ignored,
});

export const snsTopic: ResourceKind<z.infer<typeof Topic>> = {
  type: 'AWS::SNS::Topic',
  properties: Topic,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'TopicName', property, account);
    const arn = arnOf('sns', name, account);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name, Arn: arn } };
  },
};
