import { connectAsync, type MqttClient } from 'mqtt';
import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import type { RunningStack } from './running-stack.ts';

/** A charger on MQTT: its frames go to ocpp/{id}/in, its answers come on ocpp/{id}/out. */
const charger = async (stack: RunningStack, stationId: string, password: string, clientId = stationId) => {
  const heard: unknown[] = [];
  const client: MqttClient = await connectAsync(stack.mqtt, {
    clientId,
    username: `${stationId}${new URL(stack.mqtt).search}`,
    password,
    reconnectPeriod: 0,
    connectTimeout: 5000,
  });
  client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString())));
  client.on('error', () => {});
  return { client, heard };
};

const boot = JSON.stringify([2, 'boot', 'BootNotification', { chargePointVendor: 'Third', chargePointModel: 'Party' }]);

const bootedAt = async (stack: RunningStack, stationId: string): Promise<unknown> => {
  const { data } = await stack.graphql(`{ station(stationId: "${stationId}") { bootedAt transport } }`);
  return Object(data).station;
};

/** Stations on MQTT, and what they cannot do. */
export const mqttSuite = (stack: () => RunningStack): void => {
  describe('a station on MQTT', () => {
    it('gets its answers on its own topic, and its state is visible', async () => {
      const password = await stack().register('E2E-MQTT', '1.6');
      const { client, heard } = await charger(stack(), 'E2E-MQTT', password);
      await client.subscribeAsync('ocpp/E2E-MQTT/out', { qos: 1 });
      await client.publishAsync('ocpp/E2E-MQTT/in', boot, { qos: 1 });
      const accepted = { status: 'Accepted', currentTime: expect.any(String), interval: 540 };
      await vi.waitFor(() => expect(heard).toEqual([[3, 'boot', accepted]]), soon);
      await vi.waitFor(
        async () =>
          expect(await bootedAt(stack(), 'E2E-MQTT')).toEqual({ bootedAt: expect.any(String), transport: 'mqtt' }),
        soon,
      );
      await client.endAsync();
    });

    it('is refused with a wrong password, and with the client id of another', async () => {
      const password = await stack().register('E2E-MQTT-DOOR', '1.6');
      await stack().register('E2E-MQTT-OTHER', '1.6');
      await expect(charger(stack(), 'E2E-MQTT-DOOR', 'wrong')).rejects.toThrow();
      await expect(charger(stack(), 'E2E-MQTT-DOOR', password, 'E2E-MQTT-OTHER')).rejects.toThrow();
    });

    it('can neither speak nor listen as another', async () => {
      const password = await stack().register('E2E-MQTT-A', '1.6');
      const victimPassword = await stack().register('E2E-MQTT-B', '1.6');
      const victim = await charger(stack(), 'E2E-MQTT-B', victimPassword);
      await victim.client.subscribeAsync('ocpp/E2E-MQTT-B/out', { qos: 1 });

      const listener = await charger(stack(), 'E2E-MQTT-A', password);
      const wanted = ['ocpp/E2E-MQTT-B/out', 'ocpp/+/out', '#'];
      for (const topic of wanted) await listener.client.subscribeAsync(topic, { qos: 1 }).catch(() => undefined);
      listener.client.end(true);

      const speaker = await charger(stack(), 'E2E-MQTT-A', password);
      const gone = new Promise<void>((resolve) => speaker.client.once('close', () => resolve()));
      speaker.client.publish('ocpp/E2E-MQTT-B/in', boot, { qos: 1 });
      await gone;

      // The victim's own frame comes after whatever the attempt could have caused.
      const heartbeat = JSON.stringify([2, 'own', 'Heartbeat', {}]);
      await victim.client.publishAsync('ocpp/E2E-MQTT-B/in', heartbeat, { qos: 1 });
      await vi.waitFor(() => expect(victim.heard).toEqual([[3, 'own', { currentTime: expect.any(String) }]]), soon);
      expect(listener.heard).toEqual([]);
      expect(await bootedAt(stack(), 'E2E-MQTT-B')).toMatchObject({ bootedAt: null });
      await victim.client.endAsync();
    });
  });
};
