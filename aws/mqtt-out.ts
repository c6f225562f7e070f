import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';

/** What the stack says to stations on MQTT: one topic per station, ocpp/{stationId}/out. */
export type MqttOut = { readonly publish: (stationId: string, frame: string) => Promise<void> };

/** AWS IoT's data plane; at least once, so that an answer survives a short loss of the connection. */
export const mqttOut = (client: Pick<IoTDataPlaneClient, 'send'> = new IoTDataPlaneClient({})): MqttOut => ({
  publish: async (stationId, frame) => {
    await client.send(
      new PublishCommand({ topic: `ocpp/${stationId}/out`, qos: 1, payload: new TextEncoder().encode(frame) }),
    );
  },
});
