import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import type { MqttOut } from '../../use-cases/ports/mqtt-client.ts';
import { callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';

/** AWS IoT's data plane; at least once, so that an answer survives a short loss of the connection. */
export const mqttOut = (open: OpenClient = openClient): MqttOut => {
  const client = open(IoTDataPlaneClient, callPolicies.message);
  return {
    publish: async (stationId, frame) => {
      await client.send(
        new PublishCommand({ topic: `ocpp/${stationId}/out`, qos: 1, payload: new TextEncoder().encode(frame) }),
      );
    },
  };
};
