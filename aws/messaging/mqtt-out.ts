import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import type { MqttOut } from '../../use-cases/ports/mqtt-client.ts';
import { callPolicies, clientConfig } from '../call-policy.ts';

/** AWS IoT's data plane; at least once, so that an answer survives a short loss of the connection. */
export const mqttOut = (
  client: Pick<IoTDataPlaneClient, 'send'> = new IoTDataPlaneClient(clientConfig(callPolicies.message)),
): MqttOut => ({
  publish: async (stationId, frame) => {
    await client.send(
      new PublishCommand({ topic: `ocpp/${stationId}/out`, qos: 1, payload: new TextEncoder().encode(frame) }),
    );
  },
});
