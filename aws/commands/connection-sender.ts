import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { unreachable } from '../../domain/kernel/unreachable.ts';
import type { CommandSender } from '../../use-cases/ports/commands/command-sender.ts';
import type { StationConnection } from '../../use-cases/ports/commands/mailbox-store.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';

/** Above a quota of requests, or with what a socket buffers full, a frame is refused: it did not go out. */
const isThrottled = (error: unknown): boolean =>
  error instanceof Error && /^(LimitExceeded|Throttling|TooManyRequests)/.test(error.name);

/**
 * Sends on API Gateway's @connections (`endpoint` is the https URL of the WebSocket API's stage) or on a station's MQTT
 * topic with QoS 0, at most once. AWS IoT does not tell whether anybody listens: a call nobody heard ends at its deadline.
 */
export const connectionSender = (endpoint: string, open: OpenClient = openClient): CommandSender => {
  const sockets = open(ApiGatewayManagementApiClient, callPolicies.sending, { endpoint });
  const topics = open(IoTDataPlaneClient, callPolicies.sending);
  const put = async (
    stationId: string,
    { connectionId, transport }: StationConnection,
    frame: string,
  ): Promise<unknown> => {
    switch (transport) {
      case 'websocket':
        return sockets.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }));
      case 'mqtt':
        return topics.send(
          new PublishCommand({ topic: `ocpp/${stationId}/out`, qos: 0, payload: new TextEncoder().encode(frame) }),
        );
      default:
        return unreachable(transport);
    }
  };
  return {
    send: async (stationId, connection, frame) => {
      try {
        await put(stationId, connection, frame);
        return 'sent';
      } catch (error) {
        if (error instanceof GoneException) return 'gone';
        if (isThrottled(error)) return 'busy';
        throw error;
      }
    },
  };
};
