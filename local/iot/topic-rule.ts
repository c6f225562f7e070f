import { z } from 'zod';
import { ignored, named, type Resource, type ResourceKind } from '../template/resource-kind.ts';

const Action = z.union([
  z.strictObject({ Lambda: z.strictObject({ FunctionArn: z.string() }) }),
  z.strictObject({
    Kinesis: z.strictObject({ StreamName: z.string(), PartitionKey: z.string(), RoleArn: ignored }),
  }),
]);
const TopicRuleProperties = z.strictObject({
  RuleName: z.string().optional(),
  TopicRulePayload: z.strictObject({
    Sql: z.string(),
    Actions: z.array(Action),
    ErrorAction: z
      .strictObject({
        S3: z.strictObject({ BucketName: z.string(), Key: z.string(), RoleArn: ignored, CannedAcl: ignored }),
      })
      .optional(),
    AwsIotSqlVersion: ignored,
    Description: ignored,
    RuleDisabled: z.literal(false).optional(),
  }),
  Tags: ignored,
});
export const iotTopicRule: ResourceKind<z.infer<typeof TopicRuleProperties>> = {
  type: 'AWS::IoT::TopicRule',
  properties: TopicRuleProperties,
  physical: named('iot', 'RuleName', 'rule/'),
};

const AuthorizerProperties = z.strictObject({
  AuthorizerName: z.string().optional(),
  AuthorizerFunctionArn: z.string(),
  // A signature over a token is not emulated: it must be off.
  SigningDisabled: z.literal(true),
  Status: z.literal('ACTIVE').optional(),
  EnableCachingForHttp: ignored,
  Tags: ignored,
});
export const iotAuthorizer: ResourceKind<z.infer<typeof AuthorizerProperties>> = {
  type: 'AWS::IoT::Authorizer',
  properties: AuthorizerProperties,
  physical: named('iot', 'AuthorizerName', 'authorizer/'),
};

export type TopicAction = z.infer<typeof Action>;
export type TopicRule = Resource<z.infer<typeof TopicRuleProperties>>;
export type Authorizer = Resource<z.infer<typeof AuthorizerProperties>>;
