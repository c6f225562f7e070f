import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Sockets } from '../../use-cases/ports/sockets.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';

/** API Gateway's @connections. `endpoint` is the https URL of the WebSocket API's stage. */
export const sockets = (endpoint: string, open: OpenClient = openClient): Sockets => {
  const client = open(ApiGatewayManagementApiClient, callPolicies.message, { endpoint });
  return {
    close: async (connectionId) => {
      try {
        await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch (error) {
        if (!(error instanceof GoneException)) throw error;
      }
    },
  };
};
