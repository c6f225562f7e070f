import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import type { PublishedEvent } from '../../../domain/events/event.ts';
import { acceptRequest } from '../../../use-cases/accept-requests/accept-request.ts';
import { detailFaults } from '../../events/schemas.ts';
import { givenStation } from '../send-command/given-station.ts';

const setUp = () => {
  const station = givenStation();
  const told: PublishedEvent[] = [];
  const bus = {
    put: async (events: readonly PublishedEvent[]) => {
      told.push(...events);
      return [];
    },
  };
  const accept = acceptRequest({ ...station.ports, bus, digest: requestDigest });
  const event = (detail: object, source = 'booking') => accept({ source, account: '123456789012', detail });
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
