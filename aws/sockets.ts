import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
} from '@aws-sdk/client-apigatewaymanagementapi';

/** The open WebSocket connections of the gateway. */
export type Sockets = {
  /** Closes a connection; one that is closed already is fine. */
  readonly close: (connectionId: string) => Promise<void>;
};

/** API Gateway's @connections. `endpoint` is the https URL of the WebSocket API's stage. */
export const sockets = (
  endpoint: string,
  client = new ApiGatewayManagementApiClient({ endpoint, maxAttempts: 2 }),
): Sockets => ({
  close: async (connectionId) => {
    try {
      await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    } catch (error) {
      if (!(error instanceof GoneException)) throw error;
    }
  },
});
