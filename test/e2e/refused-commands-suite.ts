import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import type { RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

const MINUTE_MS = 60_000;

/** A station of OCPP 1.6 that counts the calls it gets. */
const counting = async (stack: RunningStack, stationId: string, actions: readonly string[]) => {
  const password = await stack.register(stationId, '1.6');
  const client = await strictClient({ url: stack.url, stationId, password }, ['ocpp1.6']);
  const calls: string[] = [];
  for (const action of actions)
    client.handle(action, () => {
      calls.push(action);
      return { status: 'Accepted' };
    });
  return { client, calls };
};

const mutation = (stationId: string, action: string, payload = '{}', more = '') =>
  `mutation { sendCommand(stationId: "${stationId}", action: "${action}", payload: ${JSON.stringify(payload)} ${more}) { id } }`;

/** A request that cannot be taken: whoever asks is told why, and nothing goes on the wire. */
export const refusedCommandsSuite = (stack: () => RunningStack): void => {
  describe('a command that is not taken', () => {
    it.each([
      ['of an unknown station', 'E2E-NOBODY', 'ClearCache', '{}', 'NotFound', 'UnknownStation'],
      ['of a station that is offline', 'E2E-REFUSED-AWAY', 'ClearCache', '{}', 'Conflict', 'StationOffline'],
      ['its OCPP version lacks', 'E2E-REFUSED', 'GetVariables', '{}', 'InvalidRequest', 'UnsupportedAction'],
      ['with a payload that is no JSON', 'E2E-REFUSED', 'Reset', '{', 'InvalidRequest', 'MalformedPayload'],
      ['against its schema', 'E2E-REFUSED', 'Reset', '{"type":"Warm"}', 'InvalidRequest', 'MalformedPayload'],
      ['that is grave, unconfirmed', 'E2E-REFUSED', 'Reset', '{"type":"Hard"}', 'InvalidRequest', 'NotConfirmed'],
    ])('(%s) tells why', async (_, stationId, action, payload, errorType, code) => {
      const { client, calls } = await counting(stack(), 'E2E-REFUSED', ['ClearCache', 'Reset']);
      if (stationId === 'E2E-REFUSED-AWAY') await (await counting(stack(), stationId, [])).client.close();
      await vi.waitFor(async () => {
        const { errors } = await stack().graphql(mutation(stationId, action, payload), 'operator');
        expect(errors).toMatchObject([{ errorType, errorInfo: { code } }]);
        await expect(stack().command(stationId, action, payload)).rejects.toThrow(`${code}: `);
      }, soon);
      expect(calls).toEqual([]);
      await client.close();
    });

    it('because of who asks, is told by role', async () => {
      const { client, calls } = await counting(stack(), 'E2E-REFUSED-ROLE', ['ClearCache', 'ChangeConfiguration']);
      const setting = '{"key":"HeartbeatInterval","value":"60"}';
      const asked = [
        await stack().graphql(mutation('E2E-REFUSED-ROLE', 'ClearCache'), 'viewer'),
        await stack().graphql(mutation('E2E-REFUSED-ROLE', 'ChangeConfiguration', setting), 'operator'),
      ];
      expect(asked.map(({ errors }) => errors)).toMatchObject([
        [{ errorType: 'Unauthorized' }],
        [{ errorType: 'Unauthorized', errorInfo: { code: 'NotPermitted' } }],
      ]);
      expect(calls).toEqual([]);
      await client.close();
    });

    it('because too much waits for its station, is told so, and is taken when there is room', async () => {
      const { client } = await counting(stack(), 'E2E-REFUSED-FULL', []);
      const held = Promise.withResolvers<object>();
      const reached = Promise.withResolvers<void>();
      client.handle('DataTransfer', () => {
        reached.resolve();
        return held.promise;
      });
      const payload = JSON.stringify({ vendorId: 'e2e', data: 'x'.repeat(45_000) });
      await stack().command('E2E-REFUSED-FULL', 'DataTransfer', payload);
      await reached.promise;
      await stack().command('E2E-REFUSED-FULL', 'DataTransfer', payload);
      await stack().command('E2E-REFUSED-FULL', 'DataTransfer', payload);
      const { errors } = await stack().graphql(mutation('E2E-REFUSED-FULL', 'DataTransfer', payload), 'administrator');
      expect(errors).toMatchObject([{ errorType: 'Conflict', errorInfo: { code: 'QueueFull' } }]);
      held.resolve({ status: 'Accepted' });
      await vi.waitFor(
        async () => expect(await stack().command('E2E-REFUSED-FULL', 'DataTransfer', payload)).toHaveLength(1),
        soon,
      );
      await client.close();
    });

    it('because one caller asks too often, is told so', async () => {
      const { client } = await counting(stack(), 'E2E-REFUSED-RATE', ['ClearCache']);
      const asked = async () => {
        for (let count = 0; count <= 30; count += 1) await stack().command('E2E-REFUSED-RATE', 'ClearCache');
      };
      await expect(asked()).rejects.toThrow('RateLimited: ');
      await client.close();
    });

    it('because its event is replayed from an archive: it neither runs again nor for the first time, and nobody is told', async () => {
      const stationId = 'E2E-REFUSED-REPLAY';
      const password = await stack().register(stationId, '1.6');
      const open = () => strictClient({ url: stack().url, stationId, password }, ['ocpp1.6']);
      const ask = (id: string) =>
        stack().ask('archive', 'CommandRequested', {
          ...{ version: 1, id, time: new Date().toISOString(), stationId },
          ...{ action: 'UnlockConnector', payload: { connectorId: 1 } },
        });
      const told = (type: string) =>
        stack()
          .published(type)
          .filter((detail) => detail.stationId === stationId)
          .map(({ requestId }) => requestId);
      await ask('refused, offline');
      await vi.waitFor(() => expect(told('CommandRejected')).toEqual(['refused, offline']), soon);
      const client = await open();
      let calls = 0;
      client.handle('UnlockConnector', () => {
        calls += 1;
        return { status: 'Unlocked' };
      });
      await ask('carried out');
      await vi.waitFor(() => expect(told('CommandAccepted')).toEqual(['carried out']), soon);
      // The one that was refused could run now, the other one again.
      await stack().replay('CommandRequested');
      await ask('after them');
      await vi.waitFor(() => expect(told('CommandAccepted')).toEqual(['carried out', 'after them']), soon);
      await sleep(1_000);
      expect([calls, told('CommandRejected')]).toEqual([2, ['refused, offline']]);
      await client.close();
    });

    it('over the bus, is answered with CommandRejected: what is of another day or has expired never runs', async () => {
      const stationId = 'E2E-REFUSED-BUS';
      const { client, calls } = await counting(stack(), stationId, ['ClearCache', 'UnlockConnector', 'Reset']);
      const now = Date.now();
      const at = (instant: number) => new Date(instant).toISOString();
      const ask = (id: string, fields: object) =>
        stack().ask('booking', 'CommandRequested', { version: 1, id, time: at(now), stationId, ...fields });
      const unlock = { action: 'UnlockConnector', payload: { connectorId: 1 } };
      await ask('of yesterday', { ...unlock, time: at(now - 24 * 60 * MINUTE_MS) });
      await ask('expired', { action: 'ClearCache', expiresAt: at(now - 1_000) });
      await ask('of tomorrow', { action: 'ClearCache', time: at(now + 24 * 60 * MINUTE_MS) });
      await ask('unknown', { action: 'ClearCache', stationId: 'E2E-NOBODY' });
      await ask('malformed', { action: 'Reset', payload: {} });
      await ask('unsupported', { action: 'GetVariables' });
      await ask('too much for an operator', { action: 'ChangeConfiguration', payload: { key: 'a', value: 'b' } });
      await vi.waitFor(() => {
        const told = stack()
          .published('CommandRejected')
          .filter(({ by }) => String(by).endsWith('/booking'))
          .map(({ requestId, reason, state }) => [requestId, String(reason).split(':')[0], state])
          .toSorted();
        expect(told).toEqual([
          ['expired', 'RequestExpired', 'Refused'],
          ['malformed', 'MalformedPayload', 'Refused'],
          ['of tomorrow', 'RequestExpired', 'Refused'],
          ['of yesterday', 'RequestExpired', 'Refused'],
          ['too much for an operator', 'NotPermitted', 'Refused'],
          ['unknown', 'UnknownStation', 'Refused'],
          ['unsupported', 'UnsupportedAction', 'Refused'],
        ]);
      }, soon);
      expect(calls).toEqual([]);
      await client.close();
    });
  });
};
