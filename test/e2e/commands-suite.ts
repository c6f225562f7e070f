import { connectAsync } from 'mqtt';
import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import type { RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

/** What a line of `npm run command` says: action, state, reason or reply. */
const told = (line = ''): readonly string[] => line.split('\t').slice(2);

const profile = (limit: number) =>
  JSON.stringify({
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Absolute',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
    },
  });

const connected = async (stack: RunningStack, stationId: string, ocpp: '1.6' | '2.0.1' = '1.6') => {
  const password = await stack.register(stationId, ocpp);
  const open = () => strictClient({ url: stack.url, stationId, password }, [`ocpp${ocpp}`]);
  const client = await open();
  return { client, open };
};

/** Commands to third-party chargers, from the command line to the answer. */
export const commandsSuite = (stack: () => RunningStack): void => {
  describe('a command', () => {
    it.each(['1.6', '2.0.1'] as const)('reaches a strict OCPP %s client and tells its outcome', async (ocpp) => {
      const stationId = `E2E-COMMAND-${ocpp}`;
      const { client } = await connected(stack(), stationId, ocpp);
      client.handle('ClearCache', () => ({ status: 'Accepted' }));
      client.handle('UnlockConnector', () => ({ status: ocpp === '1.6' ? 'NotSupported' : 'UnknownConnector' }));
      const [accepted] = await stack().command(stationId, 'ClearCache', '--wait');
      expect(told(accepted)).toEqual(['ClearCache', 'Accepted', 'Accepted', '{"status":"Accepted"}']);
      const unlock = ocpp === '1.6' ? '{"connectorId":99}' : '{"evseId":99,"connectorId":1}';
      await expect(stack().command(stationId, 'UnlockConnector', unlock, '--wait')).rejects.toThrow('not accepted');
      const lines = await stack().command(stationId);
      expect(lines.map((line) => told(line).slice(0, 2))).toEqual([
        ['UnlockConnector', ocpp === '1.6' ? 'NotSupported' : 'Rejected'],
        ['ClearCache', 'Accepted'],
      ]);
      await vi.waitFor(async () => {
        const [from, to] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
        const { data } = await stack().graphql(
          `{ timeline(stationId: "${stationId}", from: "${from}", to: "${to}") { items { kind title } } }`,
        );
        expect(JSON.stringify(data)).toContain('ClearCache Accepted');
      }, soon);
      expect(client.violations).toEqual([]);
      await client.close();
    });

    it('is sent over the API by those who sign in; the API key reads it, without the tags of drivers', async () => {
      const { client } = await connected(stack(), 'E2E-COMMAND-API');
      client.handle('RemoteStartTransaction', () => ({ status: 'Accepted' }));
      const payload = JSON.stringify(JSON.stringify({ idTag: 'SECRET', connectorId: 1 }));
      const send = `mutation { sendCommand(stationId: "E2E-COMMAND-API", action: "RemoteStartTransaction", payload: ${payload}) { id state by payload } }`;
      expect(JSON.stringify(await stack().graphql(send))).toContain('Unauthorized');
      const { data } = await stack().graphql(send, 'identity');
      const sent = Object(data).sendCommand;
      expect(sent).toMatchObject({ by: expect.stringContaining('user/'), payload: JSON.parse(payload) });
      const read = `{ command(id: "${sent.id}", waitSeconds: 10) { state payload reply } }`;
      expect(Object(await stack().graphql(read)).data.command).toEqual({
        state: 'Accepted',
        payload: '{"idTag":"(hidden)","connectorId":1}',
        reply: '{"status":"Accepted"}',
      });
      const list = '{ commands(stationId: "E2E-COMMAND-API") { items { id } } }';
      expect(Object(await stack().graphql(list)).data.commands).toEqual({ items: [{ id: sent.id }] });
      const unknown = send.replace('E2E-COMMAND-API', 'E2E-NOBODY-AT-ALL');
      expect(JSON.stringify(await stack().graphql(unknown, 'identity'))).toContain('NotFound');
      await client.close();
    });

    it('is asked for over the bus, and executed once', async () => {
      const { client } = await connected(stack(), 'E2E-COMMAND-BUS');
      const calls: unknown[] = [];
      client.handle('UnlockConnector', (payload) => {
        calls.push(payload);
        return { status: 'Unlocked' };
      });
      const time = new Date().toISOString();
      const payload = { connectorId: 1 };
      const request = { version: 1, id: 'a', time, stationId: 'E2E-COMMAND-BUS', action: 'UnlockConnector', payload };
      await stack().ask('booking', 'CommandRequested', request);
      await stack().ask('booking', 'CommandRequested', request);
      await vi.waitFor(async () => {
        const lines = await stack().command('E2E-COMMAND-BUS');
        expect(lines.map((line) => told(line).slice(0, 2))).toEqual([['UnlockConnector', 'Accepted']]);
      }, soon);
      expect(calls).toEqual([payload]);
      await client.close();
    });

    it('waits for its turn: one call is outstanding, however many are asked for at once', async () => {
      const { client } = await connected(stack(), 'E2E-COMMAND-QUEUE');
      let open = 0;
      let most = 0;
      client.handle('GetLocalListVersion', async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setTimeout(resolve, 20));
        open -= 1;
        return { listVersion: 0 };
      });
      const lines = await Promise.all(
        Array.from({ length: 8 }, () => stack().command('E2E-COMMAND-QUEUE', 'GetLocalListVersion', '--wait')),
      );
      expect(lines.map(([line]) => told(line)[1])).toEqual(Array(8).fill('Accepted'));
      expect(most).toBe(1);
      await client.close();
    });

    it('fails at once for a station that is offline; a profile waits, and is sent when the station is back', async () => {
      const { client, open } = await connected(stack(), 'E2E-COMMAND-OFFLINE');
      await client.close();
      await vi.waitFor(
        async () =>
          await expect(stack().command('E2E-COMMAND-OFFLINE', 'ClearCache')).rejects.toThrow('StationOffline'),
        soon,
      );
      const [queued] = await stack().command('E2E-COMMAND-OFFLINE', 'SetChargingProfile', profile(16));
      expect(told(queued)).toEqual(['SetChargingProfile', 'Queued']);
      const again = await open();
      const limits: unknown[] = [];
      again.handle('SetChargingProfile', (payload) => {
        limits.push(payload);
        return { status: 'Accepted' };
      });
      await vi.waitFor(() => expect(limits).toEqual([JSON.parse(profile(16))]), soon);
      await again.close();
    });

    it('that waits in vain ends at its expiry, with nothing else happening', async () => {
      const { client } = await connected(stack(), 'E2E-COMMAND-EXPIRY');
      await client.close();
      await vi.waitFor(async () => {
        const [line] = await stack().command('E2E-COMMAND-EXPIRY', 'SetChargingProfile', profile(6), '--expires', '1');
        expect(told(line)[1]).toBe('Queued');
      }, soon);
      await vi.waitFor(async () => {
        const [line] = await stack().command('E2E-COMMAND-EXPIRY');
        expect(told(line)[1]).toBe('Expired');
      }, soon);
    });

    it('reaches a station on MQTT, and its answer settles it', async () => {
      const password = await stack().register('E2E-COMMAND-MQTT', '1.6');
      const client = await connectAsync(stack().mqtt, {
        clientId: 'E2E-COMMAND-MQTT',
        username: `E2E-COMMAND-MQTT${new URL(stack().mqtt).search}`,
        password,
        reconnectPeriod: 0,
      });
      const levels: number[] = [];
      client.on('message', (_topic, payload, { qos }) => {
        const [type, messageId] = JSON.parse(payload.toString());
        if (type !== 2) return;
        levels.push(qos);
        client.publish('ocpp/E2E-COMMAND-MQTT/in', JSON.stringify([3, messageId, { status: 'Accepted' }]), { qos: 1 });
      });
      await client.subscribeAsync('ocpp/E2E-COMMAND-MQTT/out', { qos: 1 });
      await vi.waitFor(async () => {
        const [line] = await stack().command('E2E-COMMAND-MQTT', 'ClearCache', '--wait');
        expect(told(line)[1]).toBe('Accepted');
      }, soon);
      expect(levels).toEqual([0]);
      await client.endAsync();
    });
  });
};
