import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import type { CommandSender } from '../../use-cases/ports/commands/command-sender.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';

/**
 * Sends on API Gateway's @connections (`endpoint` is the https URL of the WebSocket API's stage) or on a station's MQTT
 * topic with QoS 0, at most once. AWS IoT does not tell whether anybody listens: a call nobody heard ends at its deadline.
 */
export const connectionSender = (endpoint: string, open: OpenClient = openClient): CommandSender => {
  const sockets = open(ApiGatewayManagementApiClient, callPolicies.sending, { endpoint });
  const topics = open(IoTDataPlaneClient, callPolicies.sending);
  return {
    send: async (stationId, { connectionId, transport }, frame) => {
      switch (transport) {
        case 'websocket':
          try {
            await sockets.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
            return 'sent';
          } catch (error) {
            if (error instanceof GoneException) return 'gone';
            throw error;
          }
        case 'mqtt':
          await topics.send(
            new PublishCommand({ topic: `ocpp/${stationId}/out`, qos: 0, payload: new TextEncoder().encode(frame) }),
          );
          return 'sent';
        default:
          return unreachable(transport);
      }
    },
  };
};
