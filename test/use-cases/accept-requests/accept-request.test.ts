import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import type { PublishedEvent } from '../../../domain/events/published-event.ts';
import { profileDetail } from '../../../domain/events/setpoint-fields.ts';
import type { OcppVersion } from '../../../ocpp/frames/envelope.ts';
import { acceptRequest } from '../../../use-cases/accept-requests/accept-request.ts';
import { RequestedProfile } from '../../../use-cases/accept-requests/requested-profile.ts';
import type { MailboxWrite } from '../../../use-cases/ports/commands/mailbox-store.ts';
import type { HeldRequest } from '../../../use-cases/ports/commands/wake-queue.ts';
import { anyProfile } from '../../domain/profile/profiles.ts';
import { detailFaults } from '../../events/schemas.ts';
import { givenStation } from '../send-command/given-station.ts';

/** The store cannot be reached. */
class Outage extends Error {
  override readonly name = 'Outage';
}

type Given = { readonly ocpp?: OcppVersion; readonly takesNoAmperes?: boolean; readonly maxStackLevel?: number };

const setUp = ({ ocpp = '1.6', takesNoAmperes = false, maxStackLevel }: Given = {}) => {
  const station = givenStation(ocpp);
  const told: PublishedEvent[] = [];
  const bus = {
    put: async (events: readonly PublishedEvent[]) => {
      told.push(...events);
      return [];
    },
  };
  const refused = { kind: 'rateUnit', rateUnit: 'A' } as const;
  const abilities = maxStackLevel === undefined ? {} : { maxStackLevel };
  const capabilities = { since: 0, told: abilities, refused: takesNoAmperes ? [refused] : [] };
  const contact = station.mailboxes.contacts.get('S1');
  if (contact) station.mailboxes.contacts.set('S1', { ...contact, capabilities });
  const held: { readonly request: HeldRequest; readonly dueAt: number }[] = [];
  const queue = { hold: async (one: HeldRequest, dueAt: number) => void held.push({ request: one, dueAt }) };
  /** How the mailboxes fail: reached, and before or after they did what they were asked for. */
  const out: { reads?: Error | undefined; writes?: 'before' | 'after' | undefined } = {};
  const mailboxes = {
    ...station.mailboxes,
    loadWithContact: async (stationId: string) => {
      if (out.reads) throw out.reads;
      return station.mailboxes.loadWithContact(stationId);
    },
    commit: async (write: MailboxWrite) => {
      if (out.writes === 'before') throw new Outage();
      const written = await station.mailboxes.commit(write);
      if (out.writes === 'after') throw new Outage();
      return written;
    },
  };
  const isTransient = (error: unknown) => error instanceof Outage;
  const accept = acceptRequest({ ...station.ports, mailboxes, bus, digest: requestDigest, queue, isTransient });
  const event = (detail: unknown, source = 'booking', account = '123456789012') =>
    accept({ source, account, detailType: 'CommandRequested', detail, at: Date.parse(request.time) });
  /** Lets time pass until nothing is held any more, or until an instant. */
  const pass = async (until = Number.POSITIVE_INFINITY) => {
    for (let next = held[0]; next !== undefined && next.dueAt <= until; next = held[0]) {
      held.shift();
      station.time.now = next.dueAt;
      await accept(next.request);
    }
  };
  return { station, told, event, held, out, pass };
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

  it('is sent once under one name, although its caller writes another time when it asks again', async () => {
    const { station, told, event } = setUp();
    await event(request);
    station.time.now += 5_000;
    await event({ ...request, time: '1970-01-01T00:01:04Z' });
    expect([station.wire.sent.length, told]).toEqual([1, []]);
    expect((await station.mailboxes.list('S1', { limit: 9 })).items).toHaveLength(1);
  });

  it('is told from another source’s where both ids hold a slash', async () => {
    const { station, event } = setUp();
    await event({ ...request, action: 'ClearCache', payload: {}, id: 'c' }, 'a/b');
    await event({ ...request, action: 'ClearCache', payload: {}, id: 'b/c' }, 'a');
    const { items } = await station.mailboxes.list('S1', { limit: 9 });
    expect(items.map(({ command }) => command.requestId).toSorted()).toEqual(['b/c', 'c']);
  });

  it('that was refused is answered as before, although its caller writes another time when it asks again', async () => {
    const { station, told, event } = setUp();
    await event({ ...request, payload: {} });
    station.time.now += 5_000;
    await event({ ...request, time: '1970-01-01T00:01:04Z' });
    expect([station.wire.sent, told.length]).toEqual([[], 2]);
    expect(told[1]).toEqual(told[0]);
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

  it('that was refused stays refused when it is delivered again after its station has come back', async () => {
    const { station, told, event } = setUp();
    const contact = station.mailboxes.contacts.get('S1');
    if (contact === undefined) throw new Error('The station is not known');
    const { connection: _, ...gone } = contact;
    station.mailboxes.contacts.set('S1', gone);
    await event(request);
    station.mailboxes.contacts.set('S1', contact);
    station.time.now += 20_000;
    await event(request);
    expect(told.map(({ type }) => type)).toEqual(['CommandRejected', 'CommandRejected']);
    expect(told[1]).toEqual(told[0]);
    expect(station.wire.sent).toEqual([]);
  });

  it('of another system or account may have the same name', async () => {
    const { station, event } = setUp();
    await event(request);
    await event(request, 'billing');
    await event(request, 'booking', '999999999999');
    expect((await station.mailboxes.list('S1', { limit: 9 })).items).toHaveLength(3);
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

  it.each([
    ['time', { ...request, time: 'now' }],
    ['time', { ...request, time: undefined }],
    ['version', { ...request, version: 2 }],
    ['payload', { ...request, payload: [] }],
    ['payload', { ...request, payload: '{"connectorId":1}' }],
    ['action', { ...request, action: undefined }],
    ['confirm', { ...request, confirm: 'yes' }],
    ['why', { ...request, why: 7 }],
  ])('that cannot be read is answered with what is wrong, as often as it is delivered: %s', async (field, detail) => {
    const { station, told, event } = setUp();
    await event(detail);
    await event(detail);
    expect([station.wire.sent, station.warnings]).toEqual([[], ['malformedCommandRequest', 'malformedCommandRequest']]);
    expect(told.map(({ type, detail }) => [type, detail.requestId, detail.state, detail.by])).toEqual(
      Array(2).fill(['CommandRejected', 'order-4711', 'Refused', 'bus: 123456789012/booking']),
    );
    expect(told[0]?.detail.reason).toMatch(/^MalformedRequest: /);
    expect(String(told[0]?.detail.reason)).toContain(`at ${field}`);
    expect(new Set(told.map(({ detail }) => detail.id)).size).toBe(1);
    expect(told.flatMap(({ type, detail }) => detailFaults(type, detail))).toEqual([]);
  });

  it('that cannot be read is told with the time it names', async () => {
    const { told, event } = setUp();
    await event({ ...request, time: '2026-01-01T00:00:00Z', version: 2 });
    expect(told[0]?.detail.requestedAt).toBe('2026-01-01T00:00:00.000Z');
  });

  it.each([
    ['the name of a member', { payload: { idTag: 'T1', ['x'.repeat(60_000)]: 1 } }],
    ['its envelope', { profile: { schedule: { kind: 'relative', periods: Array(100).fill({}) } } }],
  ])('is told in a reason that an event can hold what is wrong with it: with %s', async (_, over) => {
    const { told, event } = setUp();
    await event({ ...request, ...over });
    expect(told.map(({ type, detail }) => [type, String(detail.reason).length])).toEqual([['CommandRejected', 2_000]]);
    expect(String(told[0]?.detail.reason)).toMatch(/^Malformed(Payload|Request): /);
  });

  it.each([[{}], [[]], [null], ['text'], [{ ...request, id: '' }], [{ ...request, stationId: 7 }]])(
    'that names no request or no station is counted and left: %j',
    async (detail) => {
      const { station, told, event } = setUp();
      await event(detail);
      expect([station.wire.sent, told, station.warnings]).toEqual([[], [], ['malformedCommandRequest']]);
    },
  );
});

describe('a request over the bus while mailboxes are out of reach', () => {
  it('is taken when they are back, and sent once', async () => {
    const { station, told, event, held, out, pass } = setUp();
    out.reads = new Outage();
    await event(request);
    await pass(90_000);
    expect([station.wire.sent, told, held.length]).toEqual([[], [], 1]);
    out.reads = undefined;
    await pass();
    expect([station.wire.sent.length, told]).toEqual([1, []]);
  });

  it('is told as expired by its mailbox once that is back, and by nobody before', async () => {
    const { station, told, event, held, out, pass } = setUp();
    out.reads = new Outage();
    await event(request);
    await pass(300_000);
    expect([told, held.length]).toEqual([[], 1]);
    out.reads = undefined;
    await pass();
    expect(station.wire.sent).toEqual([]);
    expect(told.map(({ type, detail }) => [type, detail.requestId, detail.state])).toEqual([
      ['CommandExpired', 'order-4711', 'Expired'],
    ]);
    expect(told.flatMap(({ type, detail }) => detailFaults(type, detail))).toEqual([]);
  });

  it('that repeats one which was taken before has no end of its own, however late its mailbox is back', async () => {
    const { station, told, event, out, pass } = setUp();
    await event(request);
    out.reads = new Outage();
    await event(request);
    await pass(300_000);
    out.reads = undefined;
    await pass();
    expect([station.wire.sent.length, told]).toEqual([1, []]);
  });

  it('is tried with pauses that grow, so that a long outage is not filled with tries', async () => {
    const { event, held, out, pass } = setUp();
    out.reads = new Outage();
    await event({ ...request, action: 'SetChargingProfile', payload: {} });
    const tries: number[] = [];
    for (let count = 0; count < 40; count += 1) {
      const dueAt = held[0]?.dueAt ?? 0;
      tries.push(dueAt - 60_000);
      await pass(dueAt);
    }
    expect(tries.slice(0, 5)).toEqual([1_000, 2_000, 3_000, 4_500, 6_750]);
    expect(Math.max(...tries.map((at, index) => at - (tries[index - 1] ?? 0)))).toBe(900_000);
  });

  it('that stands in its mailbox although its write seemed to fail is told of by that mailbox alone', async () => {
    const { station, told, event, held, out, pass } = setUp();
    out.writes = 'after';
    await event(request);
    out.writes = 'before';
    out.reads = new Outage();
    await pass(300_000);
    expect([told, held.length]).toEqual([[], 1]);
    out.reads = undefined;
    await pass();
    // Marked as sent and never on the wire: its mailbox tells that it timed out.
    expect([told, station.wire.sent, (await station.mailboxes.list('S1', { limit: 9 })).items.length]).toEqual([
      [],
      [],
      1,
    ]);
  });

  it('is refused at once for what is wrong with it, and fails for what is wrong with us', async () => {
    const { told, event, held, out } = setUp();
    out.reads = new TypeError('not a function');
    await expect(event(request)).rejects.toThrow('not a function');
    out.reads = undefined;
    await event({ ...request, stationId: 'nobody' });
    expect([held, told.map(({ type }) => type)]).toEqual([[], ['CommandRejected']]);
  });
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

  const maximum = { ...profile, purpose: 'station-max', evseId: 0 };
  it.each<[string, object, Parameters<typeof setUp>[0], number]>([
    ['above the caps of demand response', maximum, {}, 2],
    ['as high as the station takes', maximum, { maxStackLevel: 1 }, 1],
    ['where it is said', { ...maximum, stackLevel: 1 }, {}, 1],
  ])('is a maximum of its station %s', async (_, asked, options, stackLevel) => {
    const profileId = 2_000_000_000 + stackLevel * 10_000;
    expect(await sentBy({ ...limit, profile: asked }, options)).toMatchObject([
      ['SetChargingProfile', { connectorId: 0, csChargingProfiles: { chargingProfileId: profileId, stackLevel } }],
    ]);
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
  ])('that is none is refused, with what is wrong in it: %j', async (wrong) => {
    const { station, told, event } = setUp();
    await event({ ...limit, profile: wrong });
    expect([station.wire.sent, station.warnings]).toEqual([[], ['malformedCommandRequest']]);
    expect(told.map(({ detail: { reason } }) => String(reason))).toEqual([
      expect.stringMatching(/^MalformedRequest: .*at profile/s),
    ]);
  });

  it.each([
    ['profile', { ...limit, action: 'Reset' }],
    ['cleared', { ...base, action: 'Reset', cleared: {} }],
  ])('is not taken for another command: %s', async (_, detail) => {
    const { station, told, event } = setUp();
    await event(detail);
    expect([station.wire.sent, told.map(({ type }) => type)]).toEqual([[], ['CommandRejected']]);
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
