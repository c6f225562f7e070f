import { connectAsync, type MqttClient } from 'mqtt';
import { reconnection } from './reconnection.ts';
import { rpcEndpoint } from './rpc-endpoint.ts';
import type { Transport } from './transport.ts';

/** A charger's MQTT 3.1.1 line to its CSMS: it speaks on `ocpp/{id}/in` with QoS 1 and listens on `ocpp/{id}/out`. */
export const mqttLine: Transport = (options) => {
  const { url, stationId, password } = options;
  let client: MqttClient | undefined;
  const endpoint = rpcEndpoint(options, (text) => {
    if (!client?.connected) return false;
    client.publish(`ocpp/${stationId}/in`, text, { qos: 1 });
    return true;
  });
  const keeper = reconnection(options, async () => {
    if (client?.connected) return;
    // AWS IoT wants to know the authorizer of clients without a certificate behind their user name.
    const username = `${stationId}${new URL(url).search}`;
    const next = await connectAsync(url, { clientId: stationId, username, password, reconnectPeriod: 0 });
    next.on('message', (_topic, payload) => endpoint.received(payload.toString()));
    next.on('error', options.failed);
    next.once('close', () => {
      if (client === next) client = undefined;
      endpoint.lost();
      options.closed();
      keeper.lost();
    });
    await next.subscribeAsync(`ocpp/${stationId}/out`, { qos: 1 });
    if (!keeper.isWanted()) return void next.end();
    client = next;
    options.opened();
  });
  return {
    open: keeper.open,
    close: async (abruptly) => {
      keeper.close();
      await client?.endAsync(abruptly);
    },
    call: endpoint.call,
    isOpen: () => client?.connected ?? false,
  };
};
