import { beforeAll, describe, expect, it } from 'vitest';
import { type RawSocket, rawSocket } from './raw-socket.ts';
import type { RunningStack } from './running-stack.ts';

const call = (id: string, action: string, payload: unknown): string => JSON.stringify([2, id, action, payload]);
const heartbeat = (id: string): string => call(id, 'Heartbeat', {});
const refused = (id: string, code: string) => [4, id, code, expect.any(String), expect.any(Object)];
const alive = (id: string) => [3, id, { currentTime: expect.any(String) }];

const spellings = {
  '1.6': { occurrence: 'OccurenceConstraintViolation', format: 'FormationViolation', boot: { chargePointVendor: 'x' } },
  '2.0.1': { occurrence: 'OccurrenceConstraintViolation', format: 'FormatViolation', boot: { reason: 'PowerUp' } },
};

/** What is answered to frames that are not as they should be. Every test ends with the socket still in use. */
export const framingSuite = (stack: () => RunningStack): void => {
  describe.each(['1.6', '2.0.1'] as const)('in OCPP %s', (ocpp) => {
    let socket: RawSocket;
    const stationId = `E2E-FRAMES-${ocpp}`;

    beforeAll(async () => {
      const password = await stack().register(stationId, ocpp);
      const url = `${stack().url}/${stationId}`;
      socket = await rawSocket({ url, user: stationId, password, protocols: [`ocpp${ocpp}`] });
    });

    it('answers an unknown action with NotImplemented', async () => {
      socket.send(call('a', 'BrewCoffee', {}));
      expect(await socket.next()).toEqual(refused('a', 'NotImplemented'));
    });

    it('answers a known action that is not for it with NotSupported', async () => {
      socket.send(call('b', 'Reset', { type: ocpp === '1.6' ? 'Hard' : 'Immediate' }));
      expect(await socket.next()).toEqual(refused('b', 'NotSupported'));
    });

    it('names a wrong type and a missing field in the words of the version', async () => {
      socket.send(call('c', 'DataTransfer', { vendorId: 5 }));
      expect(await socket.next()).toEqual(refused('c', 'TypeConstraintViolation'));
      socket.send(call('d', 'BootNotification', spellings[ocpp].boot));
      expect(await socket.next()).toEqual(refused('d', spellings[ocpp].occurrence));
    });

    it('takes an unknown enum value and goes on', async () => {
      const boot = { ...spellings[ocpp].boot, reason: 'BadMood', chargingStation: { vendorName: 'x', model: 'y' } };
      const status = { connectorId: 1, errorCode: 'NoError', status: 'Pondering' };
      socket.send(ocpp === '1.6' ? call('e', 'StatusNotification', status) : call('e', 'BootNotification', boot));
      expect(await socket.next()).toMatchObject([3, 'e', {}]);
    });

    it('answers a transaction message with a result even when it makes no sense', async () => {
      const [action, payload] =
        ocpp === '1.6'
          ? ['StopTransaction', { transactionId: -1, meterStop: -5, timestamp: 'yesterday' }]
          : ['TransactionEvent', { eventType: 'Ended', seqNo: 'three' }];
      socket.send(call('f', action, payload));
      expect(await socket.next()).toEqual([3, 'f', expect.any(Object)]);
    });

    it.each(['{"not": "an array"', '{}', '[]', 'null', '[2]'])(
      ocpp === '1.6' ? 'says nothing to the unreadable frame %s' : 'says RpcFrameworkError to the unreadable frame %s',
      async (frame) => {
        socket.send(frame);
        if (ocpp === '2.0.1') expect(await socket.next()).toEqual(refused('-1', 'RpcFrameworkError'));
        socket.send(heartbeat('after'));
        expect(await socket.next()).toEqual(alive('after'));
      },
    );

    it('answers a call nested deeper than 32 levels under its own id', async () => {
      const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
      socket.send(`[2,"deep","DataTransfer",{"vendorId":"v","data":${deep}}]`);
      expect(await socket.next()).toEqual(refused('deep', spellings[ocpp].format));
      socket.send(`[2,"kept","MeterValues",{"connectorId":1,"meterValue":${deep}}]`);
      expect(await socket.next()).toEqual([3, 'kept', {}]);
    });

    it('answers a message id of 70 KB that came in frames of 32 KB', async () => {
      const id = 'x'.repeat(70_000);
      socket.sendInFrames(heartbeat(id), 32_000);
      expect(await socket.next()).toEqual(
        ocpp === '1.6' ? refused(id, 'FormationViolation') : refused('-1', 'RpcFrameworkError'),
      );
    });

    it('never answers a reply it did not wait for', async () => {
      socket.send(JSON.stringify([3, 'unasked', {}]));
      socket.send(JSON.stringify([4, 'unasked', 'InternalError', '', {}]));
      socket.send(heartbeat('g'));
      expect(await socket.next()).toEqual(alive('g'));
      expect(socket.rest()).toEqual([]);
    });
  });

  it('says MessageTypeNotSupported to a 2.0.1 message type it does not know', async () => {
    const password = await stack().register('E2E-TYPES', '2.0.1');
    const url = `${stack().url}/E2E-TYPES`;
    const socket = await rawSocket({ url, user: 'E2E-TYPES', password, protocols: ['ocpp2.0.1'] });
    socket.send('[9,"x","Heartbeat",{}]');
    expect(await socket.next()).toEqual(refused('x', 'MessageTypeNotSupported'));
    socket.terminate();
  });

  it.each([
    ['a message over 128 KB', () => heartbeat('x'.repeat(140_000)), 1009],
    ['a frame over 32 KB', () => heartbeat('x'.repeat(33_000)), 1009],
    ['a binary frame', () => Buffer.from(heartbeat('x')), 1003],
  ])('closes the socket on %s, and takes the station back at once', async (what, frame, code) => {
    const stationId = `E2E-CLOSED-${code}-${what.replaceAll(/\W/g, '')}`;
    const password = await stack().register(stationId, '1.6');
    const presented = { url: `${stack().url}/${stationId}`, user: stationId, password };
    const socket = await rawSocket(presented);
    socket.send(frame());
    expect(await socket.closed).toBe(code);
    const again = await rawSocket(presented);
    again.send(heartbeat('back'));
    expect(await again.next()).toEqual(alive('back'));
    again.terminate();
  });
};
