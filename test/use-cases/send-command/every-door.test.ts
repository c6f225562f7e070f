import { describe, expect, it } from 'vitest';
import { requestDigest } from '../../../aws/commands/request-digest.ts';
import { commandCommand } from '../../../cli/command/command-command.ts';
import type { PublishedEvent } from '../../../domain/events/published-event.ts';
import type { Role } from '../../../domain/kernel/role.ts';
import { resolver } from '../../../runtime/resolver.ts';
import { acceptRequest } from '../../../use-cases/accept-requests/accept-request.ts';
import { serveCommands } from '../../../use-cases/serve-commands/serve-commands.ts';
import { administrator, givenStation } from './given-station.ts';

type Station = ReturnType<typeof givenStation>;
type Request = {
  readonly stationId: string;
  readonly action: string;
  readonly payload: string;
  readonly confirm?: boolean;
  /** When it was asked for, as far as the door takes that. */
  readonly time?: string;
  readonly role?: Role;
};

/** Each door tells why it refuses in its own way; all of them name the code first. */
type Door = (station: Station, request: Request) => Promise<string | undefined>;

const codeIn = (text: unknown): string => String(text).split(':')[0] ?? '';

const doors: Readonly<Record<string, Door>> = {
  bus: async (station, { payload, role: _, time = '1970-01-01T00:01:00.000Z', ...request }) => {
    const told: PublishedEvent[] = [];
    const put = async (events: readonly PublishedEvent[]) => {
      told.push(...events);
      return [];
    };
    const noOutage = {
      queue: { hold: () => Promise.reject(new Error('There is no outage')) },
      isTransient: () => false,
    };
    const accept = acceptRequest({ ...station.ports, ...noOutage, bus: { put }, digest: requestDigest });
    const detail = { version: 1, id: 'a', time, ...request, payload: JSON.parse(payload) };
    await accept({ source: 'booking', account: '1', detailType: 'CommandRequested', detail, at: Date.parse(time) });
    return told[0] && codeIn(told[0].detail.reason);
  },
  GraphQL: async (station, { time: _, role = 'operator', ...args }) => {
    const handler = resolver(serveCommands(station.ports), () => ({ by: 'olga', role }));
    const answer = await handler({ field: 'sendCommand', arguments: args }, { awsRequestId: '1' } as never);
    return 'error' in answer ? answer.error.code : undefined;
  },
  'the command line': async (station, { stationId, action, payload, confirm }) => {
    const words = [stationId, action, payload, ...(confirm ? ['--confirm'] : [])];
    const ports = { ...station.ports, user: 'root', discriminator: 'cli' };
    return commandCommand(words, ports, () => undefined).then(
      () => undefined,
      (error: Error) => codeIn(error.message),
    );
  },
};

const request: Request = { stationId: 'S1', action: 'UnlockConnector', payload: '{"connectorId":1}' };

/** What is wrong, at the station or with the request. */
const refused: readonly {
  readonly code: string;
  readonly over?: Partial<Request>;
  readonly at?: (station: Station) => unknown;
  /** Doors at which this cannot happen: the bus parses JSON and takes operators' requests, an administrator sits at the keyboard. */
  readonly notAt?: readonly string[];
}[] = [
  { code: 'UnknownStation', over: { stationId: 'nobody' } },
  { code: 'StationOffline', at: (station) => station.connect(undefined) },
  {
    code: 'StationRejected',
    at: ({ mailboxes }) => mailboxes.contacts.set('S1', { admission: 'rejected', ocpp: '1.6', connectors: [] }),
  },
  { code: 'UnsupportedAction', over: { action: 'RequestStartTransaction', payload: '{}' } },
  { code: 'UnsupportedAction', over: { action: 'Nonsense', payload: '{}' } },
  { code: 'MalformedPayload', over: { payload: '{"connectorId":"one"}' } },
  { code: 'MalformedPayload', over: { payload: '{"connectorId":1,"unheard":1}' } },
  { code: 'MalformedPayload', over: { payload: '{"connectorId":1' }, notAt: ['bus'] },
  { code: 'PayloadTooLarge', over: { payload: JSON.stringify({ connectorId: 1, more: 'x'.repeat(70_000) }) } },
  { code: 'NotConfirmed', over: { action: 'Reset', payload: '{"type":"Hard"}' } },
  {
    code: 'NotPermitted',
    over: {
      action: 'UpdateFirmware',
      payload: '{"location":"https://a.example","retrieveDate":"1970-01-01T00:00:00Z"}',
      confirm: true,
    },
    notAt: ['the command line'],
  },
  { code: 'NotPermitted', over: { role: 'viewer' }, notAt: ['bus', 'the command line'] },
  { code: 'RequestExpired', over: { time: '1969-12-31T23:59:59.000Z' }, notAt: ['GraphQL', 'the command line'] },
  { code: 'RequestExpired', over: { time: '1970-01-01T00:10:00.000Z' }, notAt: ['GraphQL', 'the command line'] },
  {
    code: 'QueueFull',
    at: async (station) => {
      const asks = Array.from({ length: 33 }, (_, index) => ({ ...administrator, by: `loop ${index}` }));
      for (const caller of asks) await station.request('ClearCache', {}, {}, caller);
    },
  },
  {
    code: 'RateLimited',
    at: async (station) => {
      const callers = [...Array(60).keys()].map((index) => ({ ...administrator, by: `caller ${index}` }));
      for (const caller of callers) {
        await station.request('ClearCache', {}, {}, caller);
        const frame = station.wire.sent.at(-1)?.frame ?? '[]';
        await station.say([3, JSON.parse(frame)[1], { status: 'Accepted' }]);
      }
    },
  },
];

const cases = refused.flatMap(({ code, over = {}, at, notAt = [] }) =>
  Object.entries(doors)
    .filter(([door]) => !notAt.includes(door))
    .map(([door, ask]) => ({ code, door, ask, over, at })),
);

describe('a request', () => {
  it.each(Object.entries(doors))('that is in order is sent, through %s', async (_door, ask) => {
    const station = givenStation();
    expect([await ask(station, request), station.wire.sent.length]).toEqual([undefined, 1]);
  });

  it.each(cases)(
    'is refused as $code through $door, with nothing on the wire: $over',
    async ({ code, ask, over, at }) => {
      const station = givenStation();
      await at?.(station);
      const before = station.wire.sent.length;
      expect(await ask(station, { ...request, ...over })).toBe(code);
      expect(station.wire.sent.length).toBe(before);
    },
  );

  it('that the bus delivers again is executed once, also after it has ended', async () => {
    const station = givenStation();
    const bus = doors.bus ?? (() => Promise.reject(new Error('There is no bus')));
    await bus(station, request);
    await station.say([3, JSON.parse(station.wire.sent[0]?.frame ?? '[]')[1], { status: 'Unlocked' }]);
    await bus(station, request);
    expect(station.wire.sent).toHaveLength(1);
  });

  it.each([
    ['UnlockConnector', '{"connectorId":99}'],
    ['CancelReservation', '{"reservationId":404}'],
    ['SendLocalList', '{ "listVersion": 1.0, "updateType": "Full" }'],
  ])('in raw words is not judged by what is known here, and sent to the byte: %s %s', async (action, payload) => {
    for (const ask of Object.values(doors)) {
      const station = givenStation();
      await ask(station, { ...request, action, payload });
      const [, , ...call] = JSON.parse(station.wire.sent[0]?.frame ?? '[]');
      expect(call).toEqual([action, JSON.parse(payload)]);
    }
    const station = givenStation();
    await doors.GraphQL?.(station, { ...request, action, payload });
    expect(station.wire.sent[0]?.frame).toContain(payload);
  });
});
