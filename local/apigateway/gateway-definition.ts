import { type Deployment, only } from '../template/deployment.ts';
import type { Account } from '../template/template.ts';
import {
  functionInUri,
  websocketApi,
  websocketAuthorizer,
  websocketIntegration,
  websocketRoute,
  websocketRouteResponse,
  websocketStage,
} from './websocket-api.ts';

/** A WebSocket API as the template describes it: routes joined with their integrations and the authorizer. */
export type GatewayDefinition = {
  readonly apiId: string;
  readonly stage: string;
  readonly domainName: string;
  readonly authorizer: { readonly functionArn: string; readonly identitySource: readonly string[] } | undefined;
  readonly connect: RouteTarget | undefined;
  readonly disconnect: RouteTarget | undefined;
  readonly message: (RouteTarget & { readonly answers: boolean }) | undefined;
};
export type RouteTarget = { readonly functionArn: string; readonly timeoutMs: number };

/** The template's one WebSocket API. Throws UnsupportedTemplate when there is none, or more than one. */
export const gatewayDefinition = (deployment: Deployment, account: Account): GatewayDefinition => {
  const api = only('WebSocket API', deployment.all(websocketApi));
  const apiId = deployment.physical(api.logicalId).ref;
  const stage = only('WebSocket stage', deployment.all(websocketStage)).properties.StageName;
  const integrations = new Map(
    deployment.all(websocketIntegration).map(({ logicalId, properties }) => [logicalId, properties]),
  );
  const authorizers = new Map(
    deployment.all(websocketAuthorizer).map(({ logicalId, properties }) => [logicalId, properties]),
  );
  const answered = new Set(deployment.all(websocketRouteResponse).map(({ properties }) => properties.RouteId));
  const routes = deployment.all(websocketRoute);
  const route = (key: string) => routes.find(({ properties }) => properties.RouteKey === key);

  const targetOf = (key: string): RouteTarget | undefined => {
    const found = route(key);
    if (found === undefined) return undefined;
    const integration = integrations.get(found.properties.Target.replace(/^integrations\//, ''));
    if (integration === undefined) throw new Error(`${found.logicalId}: no integration ${found.properties.Target}`);
    return { functionArn: functionInUri(integration.IntegrationUri), timeoutMs: integration.TimeoutInMillis };
  };

  const connect = route('$connect')?.properties;
  const authorizer = connect?.AuthorizationType === 'CUSTOM' ? authorizers.get(connect.AuthorizerId ?? '') : undefined;
  if (connect?.AuthorizationType === 'CUSTOM' && authorizer === undefined)
    throw new Error(`$connect names the authorizer ${connect.AuthorizerId}, which is not in the template`);
  const message = targetOf('$default');
  const defaultRoute = route('$default');
  const answers =
    defaultRoute?.properties.RouteResponseSelectionExpression !== undefined && answered.has(defaultRoute.logicalId);

  return {
    apiId,
    stage,
    domainName: `${apiId}.execute-api.${account.region}.amazonaws.com`,
    authorizer: authorizer && {
      functionArn: functionInUri(authorizer.AuthorizerUri),
      identitySource: authorizer.IdentitySource,
    },
    connect: targetOf('$connect'),
    disconnect: targetOf('$disconnect'),
    message: message && { ...message, answers },
  };
};
