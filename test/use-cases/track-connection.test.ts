import { describe, expect, it } from 'vitest';
import { onConnect, onDisconnect } from '../../runtime/websocket.ts';
import type { SocketStation } from '../../use-cases/ports/socket-station.ts';
import { trackConnection } from '../../use-cases/track-connection/track-connection.ts';
import { fakeOcppStream } from '../fakes/ocpp-stream.ts';
import { registration } from '../fakes/registration.ts';
import { fakeStationConnectivity } from '../fakes/station-connectivity.ts';
import { fakeStationRegistry } from '../fakes/station-registry.ts';

const setUp = () => {
  const connectivity = fakeStationConnectivity('CP01', 'CP02');
  const stream = fakeOcppStream();
  const closed: string[] = [];
  const warnings: string[] = [];
  let closable = true;
  let meanwhile: () => Promise<unknown> = async () => undefined;
  const track = trackConnection({
    connectivity,
    registry: fakeStationRegistry(registration(), registration({ stationId: 'CP02', ocpp: '2.0.1' })),
    stream,
    sockets: {
      close: async (connectionId) => {
        if (!closable) throw new Error('InternalServerError');
        await meanwhile();
        closed.push(connectionId);
      },
    },
    mailbox: { connected: async () => {}, disconnected: async () => {} },
    warn: (kind) => warnings.push(kind),
  });
  const stopClosing = () => {
    closable = false;
  };
  const beforeClosing = (happens: () => Promise<unknown>) => {
    meanwhile = happens;
  };
  return { connectivity, stream, closed, warnings, stopClosing, beforeClosing, ...track };
};

const socket = (connectionId: string, connectedAt: number, over: Partial<SocketStation> = {}): SocketStation => ({
  connectionId,
  connectedAt,
  stationId: 'CP01',
  verdict: 'known',
  ocpp: '1.6',
  admission: 'accepted',
  ...over,
});

const opening = { stationId: 'CP01', ocpp: '1.6', transport: 'websocket' } as const;

const opened = (connectionId: string, receivedAt: number) => ({
  kind: 'connection',
  state: 'opened',
  stationId: 'CP01',
  connectionId,
  ocpp: '1.6',
  transport: 'websocket',
  receivedAt,
});

describe('a socket that opens', () => {
  it('is recorded, told to the stream, and answered with exactly one sub-protocol', async () => {
    const { connect, connectivity, stream } = setUp();
    expect(await connect(socket('a', 1_000, { ocpp: '2.0.1' }))).toEqual({
      statusCode: 200,
      headers: { 'Sec-WebSocket-Protocol': 'ocpp2.0.1' },
    });
    expect(await connectivity.newest('CP01')).toEqual({
      connectionId: 'a',
      ocpp: '2.0.1',
      transport: 'websocket',
      connectedAt: 1_000,
    });
    expect(stream.records).toEqual([{ ...opened('a', 1_000), ocpp: '2.0.1' }]);
  });

  it.each([
    ['wrong credentials: 401', { verdict: 'wrongCredentials' }, 401],
    ['an unknown station: 404', { verdict: 'unknownStation' }, 404],
    ['a URL without identity: 404', { stationId: undefined, verdict: 'unknownStation' }, 404],
    ['a station removed since it was authorized: 404', { stationId: 'CP99' }, 404],
    ['no common sub-protocol: 400', { ocpp: undefined }, 400],
  ] as const)('is refused without a trace for %s', async (_why, over, statusCode) => {
    const { connect, connectivity, stream } = setUp();
    const refused = await connect(socket('a', 1_000, over));
    expect([refused, stream.records, await connectivity.newest('CP01')]).toEqual([{ statusCode }, [], undefined]);
  });

  it('replaces an older one, which is closed', async () => {
    const { connect, closed, stream } = setUp();
    await connect(socket('a', 1_000));
    await connect(socket('b', 2_000));
    expect([closed, stream.records]).toEqual([['a'], [opened('a', 1_000), opened('b', 2_000)]]);
  });

  it('is refused when a newer one was recorded first', async () => {
    const { connect, connectivity, closed } = setUp();
    await connect(socket('b', 2_000));
    expect(await connect(socket('a', 1_000))).toEqual({ statusCode: 409 });
    expect([(await connectivity.newest('CP01'))?.connectionId, closed]).toEqual(['b', []]);
  });

  it('is refused when a newer one takes its place while it is being accepted', async () => {
    const { connect, connectivity, stream, beforeClosing } = setUp();
    await connect(socket('a', 1_000));
    beforeClosing(() => connectivity.open({ ...opening, connectionId: 'c', at: 3_000 }));
    expect(await connect(socket('b', 2_000))).toEqual({ statusCode: 409 });
    expect(stream.records).toEqual([opened('a', 1_000)]);
  });

  it('is let in even if the old one cannot be closed', async () => {
    const { connect, stopClosing, warnings } = setUp();
    await connect(socket('a', 1_000));
    stopClosing();
    expect([(await connect(socket('b', 2_000))).statusCode, warnings]).toEqual([200, ['oldSocketLeftOpen']]);
  });

  it('is turned away, and forgotten, when the stream refuses the record', async () => {
    const { connect, connectivity, stream } = setUp();
    stream.refuse();
    await expect(connect(socket('a', 1_000))).rejects.toThrow('ProvisionedThroughputExceededException');
    expect(await connectivity.newest('CP01')).toEqual({
      ocpp: '1.6',
      transport: 'websocket',
      connectedAt: 1_000,
      disconnectedAt: 1_000,
    });
  });
});

describe('a socket that closes', () => {
  it('is noted and told to the stream', async () => {
    const { connect, disconnect, connectivity, stream } = setUp();
    await connect(socket('a', 1_000));
    await disconnect(socket('a', 1_000), 5_000);
    expect(stream.records.at(-1)).toEqual({ ...opened('a', 5_000), state: 'closed' });
    expect(await connectivity.newest('CP01')).toEqual({
      ocpp: '1.6',
      transport: 'websocket',
      connectedAt: 1_000,
      disconnectedAt: 5_000,
    });
  });

  it('changes nothing when a newer one has taken its place', async () => {
    const { connect, disconnect, connectivity, stream } = setUp();
    await connect(socket('a', 1_000));
    await connect(socket('b', 2_000));
    await disconnect(socket('a', 1_000), 3_000);
    expect([stream.records.length, (await connectivity.newest('CP01'))?.connectionId]).toEqual([2, 'b']);
  });

  it('is told once, however often $disconnect runs', async () => {
    const { connect, disconnect, stream } = setUp();
    await connect(socket('a', 1_000));
    await disconnect(socket('a', 1_000), 3_000);
    await disconnect(socket('a', 1_000), 3_500);
    expect(stream.records).toHaveLength(2);
  });
});

describe('an MQTT session', () => {
  const event = (
    eventType: 'connected' | 'disconnected',
    sessionIdentifier: string,
    timestamp: number,
    clientId = 'CP02',
    versionNumber = Number(sessionIdentifier.slice(1)),
  ) => ({ eventType, sessionIdentifier, timestamp, clientId, versionNumber });
  const connected = event('connected', 's1', 1_000);
  const disconnected = event('disconnected', 's1', 2_000);

  it('comes and goes by presence events, in the version the registry names', async () => {
    const { presence, stream } = setUp();
    await presence(event('connected', 's1', 1_000));
    await presence(event('disconnected', 's1', 2_000));
    const session = { kind: 'connection', stationId: 'CP02', connectionId: 's1', ocpp: '2.0.1', transport: 'mqtt' };
    expect(stream.records).toEqual([
      { ...session, state: 'opened', receivedAt: 1_000 },
      { ...session, state: 'closed', receivedAt: 2_000 },
    ]);
  });

  it('replaces a socket, which is closed, and is not closed itself by one that replaces it', async () => {
    const { connect, presence, closed } = setUp();
    await connect(socket('a', 1_000));
    await presence(event('connected', 's1', 2_000, 'CP01'));
    await connect(socket('b', 3_000));
    expect(closed).toEqual(['a']);
  });

  it('keeps its place when the farewell of an earlier session comes late', async () => {
    const { presence, stream, connectivity } = setUp();
    await presence(event('connected', 's2', 2_000));
    await presence(event('disconnected', 's1', 1_900));
    expect([stream.records.length, (await connectivity.newest('CP02'))?.connectionId]).toEqual([1, 's2']);
  });

  it.each([
    ['the connect comes after the disconnect', [disconnected, connected]],
    ['the connect comes again after the disconnect', [connected, disconnected, connected]],
    ['the disconnect comes again', [connected, disconnected, disconnected]],
    ['both come twice, crosswise', [disconnected, connected, disconnected, connected]],
  ])('is not connected in the end when %s', async (_why, events) => {
    const { presence, connectivity } = setUp();
    for (const one of events) await presence(one);
    expect((await connectivity.newest('CP02'))?.connectionId).toBeUndefined();
  });

  it('is told once more when the stream refused it, unless it has ended meanwhile', async () => {
    const told = async (...meanwhile: readonly (typeof connected)[]) => {
      const { presence, stream, connectivity } = setUp();
      stream.refuse();
      await expect(presence(connected)).rejects.toThrow('ProvisionedThroughputExceededException');
      stream.accept();
      for (const one of [...meanwhile, connected]) await presence(one);
      const { connectionId } = (await connectivity.newest('CP02')) ?? {};
      return [stream.records.map((record) => 'state' in record && record.state), connectionId];
    };
    expect([await told(), await told(disconnected)]).toEqual([
      [['opened'], 's1'],
      [['closed'], undefined],
    ]);
  });

  it('is the newest by its version where its stamp is wrong, and its record says so', async () => {
    const { presence, stream, connectivity } = setUp();
    await presence(event('connected', 's7', 100_000));
    await presence(event('connected', 's8', 60_000));
    await presence(event('disconnected', 's7', 61_000));
    expect((await connectivity.newest('CP02'))?.connectionId).toBe('s8');
    expect(stream.records).toMatchObject([
      { connectionId: 's7', state: 'opened', receivedAt: 100_000 },
      { connectionId: 's8', state: 'opened', receivedAt: 100_001 },
    ]);
  });

  it('ends the session that could not be told, by the id it goes by', async () => {
    const { presence, connectivity, stream } = setUp();
    await connectivity.seen('CP02', 1_000_000, 0);
    await connectivity.spoke({ stationId: 'CP02', connectionId: 'untold', ocpp: '2.0.1', at: 2_000_000 });
    await presence(event('disconnected', 's7', 3_000_000));
    expect(stream.records).toMatchObject([{ connectionId: 'untold', state: 'closed', receivedAt: 3_000_000 }]);
  });

  it('is let in with the count begun anew after an hour', async () => {
    const { presence, connectivity } = setUp();
    await presence(event('connected', 's7', 1_000));
    await presence(event('disconnected', 's7', 2_000));
    await presence(event('connected', 's0', 3_602_000));
    expect((await connectivity.newest('CP02'))?.connectionId).toBe('s0');
  });

  it('of an unknown client leaves no trace but a warning', async () => {
    const { presence, stream, warnings } = setUp();
    await presence(event('connected', 's1', 1_000, 'CP99'));
    expect([stream.records, warnings]).toEqual([[], ['unknownMqttClient']]);
  });
});

describe('API Gateway’s events', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the context is not read
  const context: any = {};

  it('carry what the authorizer found out into $connect', async () => {
    const handler = onConnect(async (station) => ({ statusCode: 200, body: JSON.stringify(station) }));
    const authorizer = {
      stationId: 'CP01',
      verdict: 'known',
      ocpp: '2.1',
      admission: 'pending',
      principalId: 'CP01',
    };
    const answer = await handler({ requestContext: { connectionId: 'a', connectedAt: 5, authorizer } }, context);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      connectionId: 'a',
      connectedAt: 5,
      stationId: 'CP01',
      verdict: 'known',
      ocpp: '2.1',
      admission: 'pending',
    });
  });

  it('of a socket that passed no authorizer count as unknown and rejected', async () => {
    const seen: SocketStation[] = [];
    const handler = onDisconnect(async (station) => void seen.push(station), Date.now);
    await handler({ requestContext: { connectionId: 'a', connectedAt: 5 } }, context);
    expect(seen).toEqual([
      {
        connectionId: 'a',
        connectedAt: 5,
        stationId: undefined,
        verdict: 'unknownStation',
        ocpp: undefined,
        admission: 'rejected',
      },
    ]);
  });
});
