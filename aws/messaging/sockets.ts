import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Sockets } from '../../use-cases/ports/sockets.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';

/** API Gateway's @connections. `endpoint` is the https URL of the WebSocket API's stage. */
export const sockets = (
  endpoint: string,
  client = new ApiGatewayManagementApiClient({ endpoint, ...clientConfig(callPolicies.message) }),
): Sockets => ({
  close: async (connectionId) => {
    try {
      await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    } catch (error) {
      if (!(error instanceof GoneException)) throw error;
    }
  },
});
