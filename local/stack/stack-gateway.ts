import { cloudfrontDistribution, cloudfrontFunction, frontDoor } from '../cloudfront/front-door.ts';
import type { Deployment } from '../template/deployment.ts';
import { type GatewayPorts, type WebsocketGateway, websocketGateway } from '../websocket/websocket-gateway.ts';
import {
  functionInUri,
  type RouteTarget,
  websocketApi,
  websocketAuthorizer,
  websocketIntegration,
  websocketRoute,
  websocketRouteResponse,
  websocketStage,
} from '../websocket/websocket-resources.ts';

const only = <Entry>(what: string, entries: readonly Entry[]): Entry => {
  const [entry, ...more] = entries;
  if (entry === undefined || more.length > 0)
    throw new Error(`The local runtime runs exactly one ${what}, and the template has ${entries.length}`);
  return entry;
};

/** The template's WebSocket API behind its distribution: routes joined with their integrations and authorizer. */
export const gatewayOf = (
  deployment: Deployment,
  ports: Omit<GatewayPorts, 'frontDoor'>,
): WebsocketGateway & { readonly domainName: string; readonly frontDoorName: string } => {
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

  const codes = new Map(
    deployment
      .all(cloudfrontFunction)
      .map(({ logicalId, properties }) => [
        deployment.physical(logicalId).attributes.FunctionARN,
        properties.FunctionCode,
      ]),
  );
  const domainName = `${apiId}.execute-api.${ports.account.region}.amazonaws.com`;
  const distribution = only('CloudFront distribution', deployment.all(cloudfrontDistribution));
  const door = frontDoor(distribution, (arn) => {
    const code = codes.get(arn);
    if (code === undefined) throw new Error(`No CloudFront Function ${arn}`);
    return code;
  });
  const gateway = websocketGateway(
    {
      apiId,
      stage,
      domainName,
      authorizer: authorizer && {
        functionArn: functionInUri(authorizer.AuthorizerUri),
        identitySource: authorizer.IdentitySource,
      },
      connect: targetOf('$connect'),
      disconnect: targetOf('$disconnect'),
      message: message && { ...message, answers },
    },
    { ...ports, frontDoor: door },
  );
  return {
    ...gateway,
    domainName,
    frontDoorName: deployment.physical(distribution.logicalId).attributes.DomainName ?? '',
  };
};
