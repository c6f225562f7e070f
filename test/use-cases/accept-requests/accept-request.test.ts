import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import type { PublishedEvent } from '../../../domain/events/event.ts';
import { profileDetail } from '../../../domain/events/setpoint-events.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import { acceptRequest } from '../../../use-cases/accept-requests/accept-request.ts';
import { RequestedProfile } from '../../../use-cases/accept-requests/requested-profile.ts';
import { anyProfile } from '../../domain/profile/profiles.ts';
import { detailFaults } from '../../events/schemas.ts';
import { givenStation } from '../send-command/given-station.ts';

const setUp = ({ ocpp = '1.6', takesNoAmperes = false }: { ocpp?: OcppVersion; takesNoAmperes?: boolean } = {}) => {
  const station = givenStation(ocpp);
  const told: PublishedEvent[] = [];
  const bus = {
    put: async (events: readonly PublishedEvent[]) => {
      told.push(...events);
      return [];
    },
  };
  const refused = { kind: 'rateUnit', rateUnit: 'A' } as const;
  const capabilities = { since: 0, told: {}, refused: takesNoAmperes ? [refused] : [] };
  const contact = station.mailboxes.contacts.get('S1');
  if (contact) station.mailboxes.contacts.set('S1', { ...contact, capabilities });
  const accept = acceptRequest({ ...station.ports, bus, digest: requestDigest });
  const event = (detail: object, source = 'booking') =>
    accept({ source, account: '123456789012', detailType: 'CommandRequested', detail });
  return { station, told, event };
};

const request = {
  version: 1,
  id: 'order-4711',
  time: '1970-01-01T00:00:59.500Z',
  stationId: 'S1',
  action: 'RemoteStartTransaction',
  payload: { idTag: 'T1', connectorId: 1 },
};

describe('a request over the bus', () => {
  it('is sent once, however often it is delivered, and keeps the name its caller gave it', async () => {
    const { station, told, event } = setUp();
    await event(request);
    await event(request);
    expect(station.wire.sent.map(({ frame }) => JSON.parse(frame).slice(2))).toEqual([
      ['RemoteStartTransaction', request.payload],
    ]);
    const { items } = await station.mailboxes.list('S1', { limit: 9 });
    expect(items.map(({ command }) => [command.requestId, command.by])).toEqual([
      ['order-4711', 'bus: 123456789012/booking'],
    ]);
    expect(told).toEqual([]);
  });

  it('that was taken is not refused when it is delivered again after its station has gone', async () => {
    const { station, told, event } = setUp();
    await event(request);
    const contact = station.mailboxes.contacts.get('S1');
    if (contact === undefined) throw new Error('The station is not known');
    const { connection: _, ...gone } = contact;
    station.mailboxes.contacts.set('S1', gone);
    await event(request);
    expect(told).toEqual([]);
    expect(station.wire.sent).toHaveLength(1);
  });

  it('of another system may have the same name', async () => {
    const { station, event } = setUp();
    await event(request);
    await event(request, 'billing');
    expect((await station.mailboxes.list('S1', { limit: 9 })).items).toHaveLength(2);
  });

  it.each([
    ['UnknownStation', { stationId: 'nobody' }],
    ['MalformedPayload', { payload: { connectorId: 1 } }],
    ['NotPermitted', { action: 'UpdateFirmware', payload: { location: 'https://x', retrieveDate: request.time } }],
    ['RequestExpired', { time: '1969-12-31T23:58:59Z' }],
    ['RequestExpired', { expiresAt: '1970-01-01T00:00:59.900Z' }],
  ])('that is refused is answered with why: %s', async (code, over) => {
    const { station, told, event } = setUp();
    await event({ ...request, ...over });
    expect(station.wire.sent).toEqual([]);
    expect(told.map(({ type, detail }) => [type, detail.requestId, detail.state])).toEqual([
      ['CommandRejected', 'order-4711', 'Refused'],
    ]);
    expect(String(told[0]?.detail.reason)).toContain(code);
    expect(told.flatMap(({ type, detail }) => detailFaults(type, detail))).toEqual([]);
  });

  it.each([[{}], [{ ...request, version: 2 }], [{ ...request, time: 'now' }], [{ ...request, payload: [] }]])(
    'that is none is counted and left: %j',
    async (detail) => {
      const { station, told, event } = setUp();
      await event(detail);
      expect([station.wire.sent, told, station.warnings]).toEqual([[], [], ['malformedCommandRequest']]);
    },
  );
});

describe('a limit over the bus, in no version’s words', () => {
  const profile = {
    purpose: 'tx-default',
    evseId: 2,
    schedule: { kind: 'absolute', startAt: '1970-01-01T00:00:59Z', periods: [{ startSec: 0, limitW: 11_050 }] },
  };
  const { payload: _, ...base } = request;
  const limit = { ...base, action: 'SetChargingProfile', profile };
  const sentBy = async (detail: object, options: Parameters<typeof setUp>[0] = {}) => {
    const { station, told, event } = setUp(options);
    await event(detail);
    expect([told, station.warnings]).toEqual([[], []]);
    return station.wire.sent.map(({ frame }) => JSON.parse(frame).slice(2));
  };

  it.each([
    ['1.6', { connectorId: 2, csChargingProfiles: { chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 1 } }],
    ['2.0.1', { evseId: 2, chargingProfile: { chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 1 } }],
  ] as const)('is written for OCPP %s', async (ocpp, payload) => {
    expect(await sentBy(limit, { ocpp })).toMatchObject([['SetChargingProfile', payload]]);
  });

  it('is in amperes as the EVSE is registered, and in watts where the station refused amperes', async () => {
    const scheduleOf = async (options: Parameters<typeof setUp>[0]) => {
      const [sent] = await sentBy(limit, options);
      return sent?.[1].csChargingProfiles.chargingSchedule;
    };
    expect(await scheduleOf({})).toMatchObject({ chargingSchedulePeriod: [{ limit: 16, numberPhases: 3 }] });
    expect(await scheduleOf({ takesNoAmperes: true })).toMatchObject({ chargingSchedulePeriod: [{ limit: 11_050 }] });
  });

  it('is taken away in the same way', async () => {
    const clear = { ...base, action: 'ClearChargingProfile', cleared: { evseId: 2, purpose: 'tx' } };
    expect(await sentBy(clear)).toEqual([
      ['ClearChargingProfile', { connectorId: 2, chargingProfilePurpose: 'TxProfile' }],
    ]);
  });

  it.each([
    ['an EVSE nobody registered', { ...profile, evseId: 9 }],
    ['a transaction nobody named', { ...profile, purpose: 'tx' }],
  ])('of %s is refused, and nothing is sent', async (_case, wrong) => {
    const { station, told, event } = setUp();
    await event({ ...limit, profile: wrong });
    expect(station.wire.sent).toEqual([]);
    expect(String(told[0]?.detail.reason)).toContain('InvalidProfile');
  });

  it.each([
    [{ ...profile, schedule: { ...profile.schedule, periods: [{ startSec: 0, limitW: 1, limitA: 1 }] } }],
    [{ ...profile, schedule: { ...profile.schedule, periods: [{ startSec: 0 }] } }],
    [{ ...profile, schedule: { ...profile.schedule, periods: [] } }],
    [{ ...profile, schedule: { ...profile.schedule, startAt: 'now' } }],
    [{ ...profile, purpose: 'ChargingStationExternalConstraints' }],
    [{ ...profile, evseId: -1 }],
  ])('that is none is counted and left: %j', async (wrong) => {
    const { station, event } = setUp();
    await event({ ...limit, profile: wrong });
    expect([station.wire.sent, station.warnings]).toEqual([[], ['malformedCommandRequest']]);
  });

  it('is understood as SetpointChanged tells it', () => {
    fc.assert(
      fc.property(anyProfile, (told) => {
        const { profileId: _id, ...asked } = told;
        expect(RequestedProfile.parse(JSON.parse(JSON.stringify(profileDetail(told))))).toEqual(asked);
      }),
    );
  });
});
