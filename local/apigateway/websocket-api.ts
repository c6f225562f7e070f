import { z } from 'zod';
import { ignored, named, type ResourceKind } from '../template/resource-kind.ts';

const Api = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal('WEBSOCKET'),
  RouteSelectionExpression: z.string(),
  ApiKeySelectionExpression: ignored,
  Description: ignored,
  // Locally the front door is the only way in, whatever the endpoint's setting.
  DisableExecuteApiEndpoint: ignored,
  IpAddressType: ignored,
  Tags: ignored,
});
export const websocketApi: ResourceKind<z.infer<typeof Api>> = {
  type: 'AWS::ApiGatewayV2::Api',
  properties: Api,
  physical: (logicalId, _properties, account) => {
    const id = logicalId.toLowerCase().slice(-10);
    return {
      ref: id,
      attributes: { ApiId: id, ApiEndpoint: `wss://${id}.execute-api.${account.region}.amazonaws.com` },
    };
  },
};

const Stage = z.strictObject({
  ApiId: z.string(),
  StageName: z.string(),
  AutoDeploy: ignored,
  AccessLogSettings: ignored,
  DefaultRouteSettings: ignored,
  DeploymentId: ignored,
  Description: ignored,
  RouteSettings: ignored,
  StageVariables: z.record(z.string(), z.string()).optional(),
  Tags: ignored,
});
export const websocketStage: ResourceKind<z.infer<typeof Stage>> = {
  type: 'AWS::ApiGatewayV2::Stage',
  properties: Stage,
  physical: named('apigateway', 'StageName'),
};

const Route = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.enum(['$connect', '$disconnect', '$default']),
  AuthorizationType: z.enum(['NONE', 'CUSTOM']).default('NONE'),
  AuthorizerId: z.string().optional(),
  Target: z.string(),
  RouteResponseSelectionExpression: z.literal('$default').optional(),
  ApiKeyRequired: z.literal(false).optional(),
  OperationName: ignored,
});
export const websocketRoute: ResourceKind<z.infer<typeof Route>> = {
  type: 'AWS::ApiGatewayV2::Route',
  properties: Route,
  physical: (logicalId) => ({ ref: logicalId, attributes: { RouteId: logicalId } }),
};

const RouteResponse = z.strictObject({
  ApiId: z.string(),
  RouteId: z.string(),
  RouteResponseKey: z.literal('$default'),
  ModelSelectionExpression: ignored,
});
export const websocketRouteResponse: ResourceKind<z.infer<typeof RouteResponse>> = {
  type: 'AWS::ApiGatewayV2::RouteResponse',
  properties: RouteResponse,
  physical: (logicalId) => ({ ref: logicalId, attributes: { RouteResponseId: logicalId } }),
};

const Integration = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  TimeoutInMillis: z.number().default(29_000),
  ConnectionType: ignored,
  ContentHandlingStrategy: ignored,
  CredentialsArn: ignored,
  Description: ignored,
  IntegrationMethod: ignored,
  PassthroughBehavior: ignored,
  PayloadFormatVersion: ignored,
});
export const websocketIntegration: ResourceKind<z.infer<typeof Integration>> = {
  type: 'AWS::ApiGatewayV2::Integration',
  properties: Integration,
  physical: (logicalId) => ({ ref: logicalId, attributes: { IntegrationId: logicalId } }),
};

const Authorizer = z.strictObject({
  ApiId: z.string(),
  AuthorizerType: z.literal('REQUEST'),
  AuthorizerUri: z.string(),
  IdentitySource: z.array(z.string()).default([]),
  AuthorizerCredentialsArn: ignored,
  Name: ignored,
});
export const websocketAuthorizer: ResourceKind<z.infer<typeof Authorizer>> = {
  type: 'AWS::ApiGatewayV2::Authorizer',
  properties: Authorizer,
  physical: (logicalId) => ({ ref: logicalId, attributes: { AuthorizerId: logicalId } }),
};

/** The function behind an integration or authorizer URI: .../functions/{function ARN}/invocations. */
export const functionInUri = (uri: string): string =>
  /\/functions\/(.+)\/invocations$/.exec(uri)?.[1]?.replaceAll(/\$\{stageVariables\.[^}]+\}/g, '') ?? uri;
