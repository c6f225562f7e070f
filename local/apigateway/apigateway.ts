import { loopback, urlAt } from '../http/http-server.ts';
import type { LocalService, PortOption } from '../stack/local-service.ts';
import { gatewayDefinition } from './gateway-definition.ts';
import {
  websocketApi,
  websocketAuthorizer,
  websocketIntegration,
  websocketRoute,
  websocketRouteResponse,
  websocketStage,
} from './websocket-api.ts';
import { websocketGateway } from './websocket-gateway.ts';

const port: PortOption = { flag: 'port', usual: 9220, serves: 'OCPP over WebSocket' };

/** API Gateway: the template's one WebSocket API, behind its distribution. */
export const apigateway: LocalService = {
  name: 'apigateway',
  kinds: [
    websocketApi,
    websocketAuthorizer,
    websocketIntegration,
    websocketRoute,
    websocketRouteResponse,
    websocketStage,
  ],
  port,
  start: async ({ account, system, deployment, onStop, open, reach }) => {
    const definition = gatewayDefinition(deployment, account);
    const frontDoor = reach('cloudfront', 'frontDoor');
    const gateway = websocketGateway(definition, {
      frontDoor: frontDoor.pass,
      invoke: (functionArn, event) => reach(functionArn, 'invoke')(functionArn, event),
      account,
      system,
    });
    const ocppUrl = `ws://${loopback}:${await open(gateway.server, port)}`;
    const managementUrl = urlAt(await open(gateway.management));
    return {
      endpoints: { ocpp: `${ocppUrl}/ocpp` },
      environment: { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: managementUrl },
      addresses: [
        [`https://${definition.domainName}`, managementUrl],
        [`wss://${definition.domainName}`, ocppUrl],
        [`wss://${frontDoor.domainName}`, ocppUrl],
      ],
      counts: gateway.counts,
      // Registered late to stop early: chargers leave before what serves them does.
      begin: async () => onStop(gateway.stop),
    };
  },
};
