import { describe, expect, it, vi } from 'vitest';
import { soon } from '../support/soon.ts';
import { rawSocket } from './raw-socket.ts';
import type { RunningStack } from './running-stack.ts';
import { strictClient } from './strict-client.ts';

const boot = { chargePointVendor: 'Third', chargePointModel: 'Party' };

const station = async (stack: RunningStack, stationId: string) => {
  const { data } = await stack.graphql(
    `{ station(stationId: ${JSON.stringify(stationId)}) { online ocpp transport bootedAt } }`,
  );
  return Object(data).station;
};

/** Who gets in, with what, and which of two sockets counts. */
export const socketsSuite = (stack: () => RunningStack): void => {
  const presented = async (stationId: string) => {
    const password = await stack().register(stationId, '1.6');
    return { url: `${stack().url}/${encodeURIComponent(stationId)}`, user: stationId, password };
  };

  describe('opening a socket', () => {
    it('refuses a wrong password with 401 and leaves no trace', async () => {
      const right = await presented('E2E-DOOR');
      await expect(rawSocket({ ...right, password: 'wrong' })).rejects.toThrow('401');
      await expect(rawSocket({ ...right, user: 'E2E-SOMEONE-ELSE' })).rejects.toThrow('401');
      expect(await station(stack(), 'E2E-DOOR')).toEqual({
        online: false,
        ocpp: null,
        transport: null,
        bootedAt: null,
      });
    });

    it.each(['E2E-NOBODY', 'x'.repeat(49), 'a%2Fb', '%E0%A4%A'])('refuses the station %s with 404', async (id) => {
      const url = `${stack().url}/${id}`;
      await expect(rawSocket({ url, user: id, password: 'whatever-it-is' })).rejects.toThrow('404');
      expect(await station(stack(), id)).toBeNull();
    });

    it('refuses sub-protocols it does not speak', async () => {
      const right = await presented('E2E-PROTOCOLS');
      await expect(rawSocket({ ...right, protocols: ['ocpp1.5', 'soap'] })).rejects.toThrow(/^4\d\d$/);
    });

    it('chooses the highest sub-protocol both speak', async () => {
      const socket = await rawSocket({
        ...(await presented('E2E-CHOICE')),
        protocols: ['ocpp1.6', 'ocpp9.9', 'ocpp2.0.1'],
      });
      expect(socket.protocol).toBe('ocpp2.0.1');
      socket.terminate();
    });

    it('decodes a percent-encoded identity once', async () => {
      const id = 'E2E+door|1@home';
      const socket = await rawSocket(await presented(id));
      socket.send(JSON.stringify([2, '1', 'BootNotification', boot]));
      expect(await socket.next()).toMatchObject([3, '1', { status: 'Accepted' }]);
      await vi.waitFor(
        async () => expect(await station(stack(), id)).toMatchObject({ online: true, ocpp: '1.6' }),
        soon,
      );
      socket.terminate();
    });
  });

  describe('a second socket of the same station', () => {
    it('wins: the first is closed, and the station stays online on the second', async () => {
      const right = await presented('E2E-TWICE');
      const credentials = { url: stack().url, stationId: right.user, password: right.password };
      const first = await strictClient(credentials, ['ocpp1.6']);
      await first.call('BootNotification', boot);
      const second = await strictClient(credentials, ['ocpp1.6']);
      await first.closed;
      expect(await second.call('Heartbeat', {})).toEqual({ currentTime: expect.any(String) });
      expect(first.isOpen()).toBe(false);
      expect(second.isOpen()).toBe(true);
      await vi.waitFor(async () => expect(await station(stack(), 'E2E-TWICE')).toMatchObject({ online: true }), soon);
      await second.close();
    });

    it('replaces one that was cut off without a word', async () => {
      const right = await presented('E2E-CUT');
      const credentials = { url: stack().url, stationId: right.user, password: right.password };
      const first = await strictClient(credentials, ['ocpp1.6']);
      await first.call('BootNotification', boot);
      await first.close(true);
      const second = await strictClient(credentials, ['ocpp1.6']);
      expect(await second.call('BootNotification', boot)).toMatchObject({ status: 'Accepted' });
      await vi.waitFor(async () => expect(await station(stack(), 'E2E-CUT')).toMatchObject({ online: true }), soon);
      await second.close();
    });
  });
};
