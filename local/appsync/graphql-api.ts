import { createHash } from 'node:crypto';
import { z } from 'zod';
import { arnOf, ignored, type ResourceKind } from '../template/resource-kind.ts';

/** 0: as much as one likes. */
const limit = z.number().int().nonnegative().default(0);
/** Lifetimes beyond a token's own, ms; 0: none. */
const lifetime = z.number().nonnegative().default(0);
const Provider = z.discriminatedUnion('AuthenticationType', [
  z.strictObject({ AuthenticationType: z.literal('AWS_IAM') }),
  z.strictObject({
    AuthenticationType: z.literal('OPENID_CONNECT'),
    OpenIDConnectConfig: z.strictObject({
      Issuer: z.url(),
      ClientId: z.string().optional(),
      IatTTL: lifetime,
      AuthTTL: lifetime,
    }),
  }),
  z.strictObject({
    AuthenticationType: z.literal('AMAZON_COGNITO_USER_POOLS'),
    UserPoolConfig: z.strictObject({
      UserPoolId: z.string(),
      AwsRegion: z.string(),
      AppIdClientRegex: z.string().optional(),
    }),
  }),
]);
const Api = z.strictObject({
  Name: z.string(),
  AuthenticationType: z.literal('API_KEY'),
  AdditionalAuthenticationProviders: z.array(Provider).default([]),
  EnvironmentVariables: z.record(z.string(), z.string()).default({}),
  IntrospectionConfig: ignored,
  LogConfig: ignored,
  QueryDepthLimit: limit,
  ResolverCountLimit: limit,
  Tags: ignored,
  XrayEnabled: ignored,
});
export const graphqlApi: ResourceKind<z.infer<typeof Api>> = {
  type: 'AWS::AppSync::GraphQLApi',
  properties: Api,
  physical: (logicalId, _properties, account) => {
    const id = logicalId.toLowerCase();
    const arn = arnOf('appsync', `apis/${id}`, account);
    const host = `${id}.appsync-api.${account.region}.amazonaws.com`;
    return {
      ref: arn,
      attributes: {
        Arn: arn,
        ApiId: id,
        GraphQLUrl: `https://${host}/graphql`,
        GraphQLDns: host,
        GraphQLEndpointArn: arn,
        RealtimeUrl: `wss://${id}.appsync-realtime-api.${account.region}.amazonaws.com/graphql`,
      },
    };
  },
};

const Schema = z.strictObject({ ApiId: z.string(), Definition: z.string() });
export const graphqlSchema: ResourceKind<z.infer<typeof Schema>> = {
  type: 'AWS::AppSync::GraphQLSchema',
  properties: Schema,
  physical: (logicalId) => ({ ref: logicalId, attributes: { Id: logicalId } }),
};

const ApiKey = z.strictObject({ ApiId: z.string(), Expires: ignored, Description: ignored });
/** The same key at every start: it opens nothing but this machine's own loopback port. */
export const graphqlApiKey: ResourceKind<z.infer<typeof ApiKey>> = {
  type: 'AWS::AppSync::ApiKey',
  properties: ApiKey,
  physical: (logicalId) => {
    const key = `da2-${createHash('sha256').update(logicalId).digest('hex').slice(0, 26)}`;
    return { ref: key, attributes: { ApiKey: key, ApiKeyId: key } };
  },
};

const DataSource = z.strictObject({
  ApiId: z.string(),
  Name: z.string(),
  Type: z.enum(['NONE', 'AMAZON_DYNAMODB', 'AWS_LAMBDA']),
  DynamoDBConfig: z
    .strictObject({
      TableName: z.string(),
      AwsRegion: ignored,
      UseCallerCredentials: ignored,
      Versioned: z.literal(false).optional(),
    })
    .optional(),
  LambdaConfig: z.strictObject({ LambdaFunctionArn: z.string() }).optional(),
  Description: ignored,
  MetricsConfig: ignored,
  ServiceRoleArn: ignored,
});
export const graphqlDataSource: ResourceKind<z.infer<typeof DataSource>> = {
  type: 'AWS::AppSync::DataSource',
  properties: DataSource,
  physical: (logicalId, property) => {
    const given = property('Name');
    const name = typeof given === 'string' ? given : logicalId;
    return { ref: name, attributes: { Name: name, DataSourceArn: name } };
  },
};

const runtime = z.strictObject({ Name: z.literal('APPSYNC_JS'), RuntimeVersion: z.literal('1.0.0') });
const FunctionConfiguration = z.strictObject({
  ApiId: z.string(),
  Name: z.string(),
  DataSourceName: z.string(),
  Runtime: runtime,
  Code: z.string(),
  Description: ignored,
  FunctionVersion: ignored,
  MaxBatchSize: z.literal(0).optional(),
});
export const graphqlFunction: ResourceKind<z.infer<typeof FunctionConfiguration>> = {
  type: 'AWS::AppSync::FunctionConfiguration',
  properties: FunctionConfiguration,
  physical: (logicalId) => ({ ref: logicalId, attributes: { FunctionId: logicalId } }),
};

const Resolver = z.strictObject({
  ApiId: z.string(),
  TypeName: z.string(),
  FieldName: z.string(),
  Kind: z.enum(['UNIT', 'PIPELINE']).default('UNIT'),
  DataSourceName: z.string().optional(),
  PipelineConfig: z.strictObject({ Functions: z.array(z.string()) }).optional(),
  Runtime: runtime,
  Code: z.string(),
  // A cache would only make answers older.
  CachingConfig: ignored,
  MaxBatchSize: z.literal(0).optional(),
  MetricsConfig: ignored,
});
export const graphqlResolver: ResourceKind<z.infer<typeof Resolver>> = {
  type: 'AWS::AppSync::Resolver',
  properties: Resolver,
  physical: (logicalId) => ({ ref: logicalId, attributes: { ResolverArn: logicalId } }),
};

export type ApiProperties = z.infer<typeof Api>;
export type DataSourceProperties = z.infer<typeof DataSource>;
export type FunctionProperties = z.infer<typeof FunctionConfiguration>;
export type ResolverProperties = z.infer<typeof Resolver>;
