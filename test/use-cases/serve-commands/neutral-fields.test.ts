import { describe, expect, it } from 'vitest';
import type { Station } from '../../../domain/station/station.ts';
import { blankStation } from '../../../domain/station/station-state.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import type { FieldCaller } from '../../../use-cases/ports/field.ts';
import type { CommandWarning } from '../../../use-cases/serve-commands/doubts-about.ts';
import { neutralFields } from '../../../use-cases/serve-commands/neutral-fields.ts';
import { administrator, operator, viewer } from '../../fakes/callers.ts';
import { givenStation } from '../send-command/given-station.ts';

const setUp = (ocpp: OcppVersion = '1.6') => {
  const station = givenStation(ocpp);
  const fields = neutralFields(station.ports);
  const ask = async (field: string, args: object, caller: FieldCaller = operator): Promise<object> => {
    station.time.now += 1;
    return Object(await fields[field]?.({ stationId: 'S1', ...args }, caller));
  };
  const sent = () => station.wire.sent.map(({ frame }) => JSON.parse(frame).slice(2));
  return { station, ask, sent };
};

describe('a command with a field of its own', () => {
  it('is sent in the words of the station, in the name of whoever asks', async () => {
    const { ask, sent } = setUp('2.0.1');
    const answer = await ask('changeAvailability', { operative: false, evseId: 1, why: 'flooded', connectorId: null });
    expect(answer).toMatchObject({
      action: 'ChangeAvailability',
      state: 'Sent',
      by: 'olga',
      why: 'flooded',
      warnings: [],
    });
    expect(sent()).toEqual([['ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } }]]);
  });

  it.each([
    ['unlock', { evseId: 99 }, 'UnknownEvse'],
    ['reset', { kind: 'soft', evseId: 9 }, 'UnknownEvse'],
    ['unlock', { evseId: 1, connectorId: 2 }, 'UnknownConnector'],
  ])('is sent all the same where what is registered speaks against it: %s of %j', async (field, args, code) => {
    const { ask, sent } = setUp('2.0.1');
    expect(await ask(field, args)).toMatchObject({ state: 'Sent', warnings: [{ code }] });
    expect(sent()).toHaveLength(1);
  });

  it('is not sent while what is registered cannot be read: who asks again would send it twice', async () => {
    const { station, ask, sent } = setUp('2.0.1');
    const find = station.ports.stations.find;
    station.ports.stations.find = async () => {
      throw new Error('no answer in time');
    };
    await expect(ask('unlock', { evseId: 1 })).rejects.toThrow('no answer in time');
    station.ports.stations.find = find;
    expect([await ask('unlock', { evseId: 1 }), sent()]).toMatchObject([{ state: 'Sent' }, [['UnlockConnector', {}]]]);
  });

  it('is sent all the same where the station told or was found to lack what it needs', async () => {
    const { station, ask, sent } = setUp('1.6');
    const told = { enabled: { LocalAuthList: false } };
    const refused = [{ kind: 'action' as const, action: 'SendLocalList' }];
    station.stations.set('S1', { state: { capabilities: { since: 0, told, refused } } } as unknown as Station);
    const codes = async (field: string, args: object) =>
      Object(await ask(field, args)).warnings.map(({ code }: CommandWarning) => code);
    expect(await codes('sendLocalList', { version: 1 })).toEqual(['MissingFeature', 'RefusedBefore']);
    expect(await codes('cancelReservation', { reservationId: 404 })).toEqual(['UnknownReservation']);
    expect(sent()).toEqual([['SendLocalList', { listVersion: 1, updateType: 'Full' }]]);
  });

  it.each([
    ['1.6', 'remoteStart', { tag: 'T' }, 'RemoteStartTransaction'],
    ['2.0.1', 'remoteStart', { tag: 'T', evseId: 1 }, 'RequestStartTransaction'],
    ['2.1', 'unlock', { evseId: 1, connectorId: 1 }, 'UnlockConnector'],
    ['1.6', 'triggerMessage', { message: 'Heartbeat' }, 'TriggerMessage'],
    ['2.0.1', 'reserveNow', { tag: 'T', until: '2026-11-21T00:00:00Z' }, 'ReserveNow'],
    ['1.6', 'clearCache', {}, 'ClearCache'],
  ] as const)(
    'of OCPP %s is sent all the same where the station did not know its action before: %s',
    async (ocpp, field, args, action) => {
      const { station, ask } = setUp(ocpp);
      const knowing = (...actions: string[]) => {
        const refused = actions.map((one) => ({ kind: 'action' as const, action: one }));
        const capabilities = { since: 0, told: {}, refused };
        station.stations.set('S1', { ...station.stations.get('S1'), state: { ...blankStation('S1'), capabilities } });
      };
      knowing('AnotherAction');
      expect(await ask(field, args)).toMatchObject({ warnings: [] });
      knowing(action);
      expect(await ask(field, args)).toMatchObject({
        warnings: [{ code: 'RefusedBefore', message: expect.stringContaining(action) }],
      });
    },
  );

  it.each([
    ['reset', { kind: 'hard' }, operator, 'CommandRefused', 'NotConfirmed'],
    ['reset', { kind: 'soft', evseId: 1 }, operator, 'CommandRefused', 'UnsupportedArgument'],
    ['remoteStart', { tag: 'longer than twenty characters' }, operator, 'CommandRefused', 'MalformedPayload'],
    ['unlock', { evseId: 1, expiresInSeconds: 0 }, operator, 'Rejected', undefined],
    ['updateFirmware', { location: 'https://a.example/f' }, administrator, 'CommandRefused', 'NotConfirmed'],
    ['updateFirmware', { location: 'https://a.example/f', confirm: true }, operator, 'NotPermitted', undefined],
    ['unlock', { evseId: 1 }, viewer, 'NotPermitted', undefined],
  ] as const)('is refused, and nothing is sent: %s of %j', async (field, args, caller, name, code) => {
    const { ask, sent } = setUp();
    const refused = await ask(field, args, caller).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name, ...(code && { code }) });
    expect(sent()).toEqual([]);
  });

  it('is confirmed in the same call', async () => {
    const { ask, sent } = setUp();
    await ask('reset', { kind: 'hard', confirm: true });
    await ask('updateFirmware', { location: 'https://a.example/f', confirm: true }, administrator);
    expect(sent()).toEqual([['Reset', { type: 'Hard' }]]);
  });
});
