import { z } from 'zod';
import { arnOf, ignored, type ResourceKind } from '../template/resource-kind.ts';

const Bucket = z.strictObject({
  BucketName: z.string().optional(),
  NotificationConfiguration: z
    .strictObject({ EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: z.boolean() }) })
    .optional(),
  AccessControl: ignored,
  BucketEncryption: ignored,
  LifecycleConfiguration: ignored,
  LoggingConfiguration: ignored,
  ObjectLockEnabled: ignored,
  OwnershipControls: ignored,
  PublicAccessBlockConfiguration: ignored,
  Tags: ignored,
  VersioningConfiguration: ignored,
});

export const s3Bucket: ResourceKind<z.infer<typeof Bucket>> = {
  type: 'AWS::S3::Bucket',
  properties: Bucket,
  physical: (logicalId, property, account) => {
    const named = property('BucketName');
    const name = typeof named === 'string' ? named : `${account.stackName}-${logicalId}`.toLowerCase();
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: arnOf('s3', name, account),
      },
    };
  },
};
