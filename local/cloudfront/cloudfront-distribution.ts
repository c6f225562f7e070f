import { z } from 'zod';
import { arnOf, ignored, named, type ResourceKind } from '../template/resource-kind.ts';

// What the local runtime accepts of CloudFront's resources in the synthesized template, and the names it gives them.
const CloudFrontFunction = z.strictObject({
  Name: z.string(),
  FunctionCode: z.string(),
  FunctionConfig: z.strictObject({
    Comment: ignored,
    Runtime: z.string(),
    KeyValueStoreAssociations: z.undefined().optional(),
  }),
  AutoPublish: ignored,
  FunctionMetadata: ignored,
  Tags: ignored,
});

export const cloudfrontFunction: ResourceKind<z.infer<typeof CloudFrontFunction>> = {
  type: 'AWS::CloudFront::Function',
  properties: CloudFrontFunction,
  physical: (logicalId, property, account) => {
    const { ref, attributes } = named('cloudfront', 'Name', 'function/')(logicalId, property, account);
    const arn = arnOf('cloudfront', `function/${ref}`, account);
    return { ref, attributes: { ...attributes, FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn, Stage: 'LIVE' } };
  },
};

const Behavior = z.strictObject({
  PathPattern: z.string().optional(),
  TargetOriginId: z.string(),
  FunctionAssociations: z
    .array(z.strictObject({ EventType: z.literal('viewer-request'), FunctionARN: z.string() }))
    .default([]),
  LambdaFunctionAssociations: z.array(z.never()).optional(),
  AllowedMethods: ignored,
  CachedMethods: ignored,
  CachePolicyId: ignored,
  Compress: ignored,
  OriginRequestPolicyId: ignored,
  ResponseHeadersPolicyId: ignored,
  ViewerProtocolPolicy: ignored,
});

export const Distribution = z.strictObject({
  DistributionConfig: z.looseObject({
    Origins: z.array(
      z.looseObject({
        Id: z.string(),
        DomainName: z.string(),
        OriginPath: z.string().default(''),
        OriginCustomHeaders: z.array(z.strictObject({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
      }),
    ),
    DefaultCacheBehavior: Behavior,
    CacheBehaviors: z.array(Behavior).default([]),
  }),
  Tags: ignored,
});

export const cloudfrontDistribution: ResourceKind<z.infer<typeof Distribution>> = {
  type: 'AWS::CloudFront::Distribution',
  properties: Distribution,
  physical: (logicalId) => ({
    ref: logicalId,
    attributes: { Id: logicalId, DomainName: `${logicalId.toLowerCase()}.cloudfront.net` },
  }),
};
