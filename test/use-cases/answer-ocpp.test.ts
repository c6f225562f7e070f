import { describe, expect, it } from 'vitest';
import { onMqttMessage } from '../../runtime/iot.ts';
import { onMessage } from '../../runtime/websocket.ts';
import { answerMqtt } from '../../use-cases/answer-ocpp/answer-mqtt.ts';
import { answerOcpp, type Incoming } from '../../use-cases/answer-ocpp/answer-ocpp.ts';
import { noteSeen } from '../../use-cases/answer-ocpp/note-seen.ts';
import type { Tag } from '../../use-cases/ports/tag-list.ts';
import { fakeOcppStream } from '../fakes/ocpp-stream.ts';
import { registration } from '../fakes/registration.ts';
import { fakeStationConnectivity } from '../fakes/station-connectivity.ts';
import { fakeStationRegistry } from '../fakes/station-registry.ts';

const now = Date.parse('2026-11-20T10:00:00Z');
const minute = 60_000;

type Place = { readonly stationId: string; readonly connectorKey: string };
type Given = {
  readonly tags?: readonly Tag[];
  readonly active?: Readonly<Record<string, readonly Place[]>>;
  readonly unknownTags?: 'refuse' | 'accept';
};

const setUp = ({ tags = [], active = {}, unknownTags = 'refuse' }: Given = {}) => {
  const stream = fakeOcppStream();
  const connectivity = fakeStationConnectivity('CP01');
  const warnings: string[] = [];
  const warn = (kind: string) => void warnings.push(kind);
  const seen: number[] = [];
  const answer = answerOcpp({
    tagList: { find: async (tag) => tags.find((entry) => entry.tag === tag) },
    activeTags: { connectorsOf: async (tag) => active[tag] ?? [] },
    unknownTags,
    stream,
    noteSeen: noteSeen(
      {
        seen: async (stationId, at, notedBefore) => {
          seen.push(at);
          return connectivity.seen(stationId, at, notedBefore);
        },
      },
      warn,
    ),
    warn,
    heartbeatIntervalSec: 540,
  });
  return { answer, stream, warnings, seen };
};

const incoming = (frame: unknown, over: Partial<Incoming> = {}): Incoming => ({
  frame: typeof frame === 'string' ? frame : JSON.stringify(frame),
  stationId: 'CP01',
  ocpp: '1.6',
  admission: 'accepted',
  transport: 'websocket',
  connectionId: 'a',
  receivedAt: now,
  seenAt: now - minute,
  ...over,
});

const envelope = (frame: unknown, answer?: string) => ({
  kind: 'frame',
  stationId: 'CP01',
  ocpp: '1.6',
  transport: 'websocket',
  connectionId: 'a',
  receivedAt: now,
  frame: JSON.stringify(frame),
  ...(answer !== undefined && { answer }),
});

const authorize = [2, 'm1', 'Authorize', { idTag: 'T1' }];
const start = (connectorId: number, idTag = 'T1') => [
  2,
  'm1',
  'StartTransaction',
  { connectorId, idTag, meterStart: 0, timestamp: '2026-11-20T10:00:00Z' },
];
const payloadOf = (answer: string | undefined) => JSON.parse(answer ?? 'null')[2];

describe('a call', () => {
  it('is answered, and kept with its answer', async () => {
    const { answer, stream } = setUp();
    const frame = [2, 'm1', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' }];
    expect(await answer(incoming(frame))).toBe('[3,"m1",{}]');
    expect(stream.records).toEqual([envelope(frame, '[3,"m1",{}]')]);
  });

  it('tells the station the time in UTC and when to send heartbeats', async () => {
    const { answer } = setUp();
    const frame = [2, 'm1', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }];
    expect(payloadOf(await answer(incoming(frame)))).toEqual({
      currentTime: '2026-11-20T10:00:00.000Z',
      interval: 540,
      status: 'Accepted',
    });
  });

  it('is answered by the station’s admission', async () => {
    const { answer } = setUp();
    const frame = [2, 'm1', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }];
    expect(payloadOf(await answer(incoming(frame, { admission: 'rejected' })))).toMatchObject({ status: 'Rejected' });
  });

  it('gets an error that makes the charger repeat it when the stream refuses the record, never a success', async () => {
    const { answer, stream, warnings } = setUp();
    stream.refuse();
    const text = '[4,"m1","InternalError","The message could not be stored, please send it again",{}]';
    expect([await answer(incoming(start(1))), stream.records, warnings]).toEqual([text, [], ['callNotKept']]);
  });

  it('gets the same error when the tag list cannot be read', async () => {
    const stream = fakeOcppStream();
    const broken = answerOcpp({
      tagList: { find: () => Promise.reject(new Error('InternalServerError')) },
      activeTags: { connectorsOf: async () => [] },
      unknownTags: 'refuse',
      stream,
      noteSeen: async () => {},
      warn: () => {},
      heartbeatIntervalSec: 540,
    });
    expect([JSON.parse((await broken(incoming(start(1)))) ?? '')[2], stream.records]).toEqual(['InternalError', []]);
  });
});

describe('a heartbeat', () => {
  const heartbeat = [2, 'm1', 'Heartbeat', {}];

  it('is answered without a record', async () => {
    const { answer, stream } = setUp();
    expect(payloadOf(await answer(incoming(heartbeat)))).toEqual({ currentTime: '2026-11-20T10:00:00.000Z' });
    expect(stream.records).toEqual([]);
  });

  it('is answered even when the stream refuses records', async () => {
    const { answer, stream } = setUp();
    stream.refuse();
    expect(payloadOf(await answer(incoming(heartbeat)))).toEqual({ currentTime: '2026-11-20T10:00:00.000Z' });
  });

  it('costs at most one state write in a quarter-hour, whatever else the station says', async () => {
    const { answer, seen } = setUp();
    const opened = now;
    for (let sec = 0; sec <= 3600; sec += 60) {
      const receivedAt = opened + sec * 1_000;
      await answer(incoming(heartbeat, { receivedAt, seenAt: opened }));
      await answer(incoming(authorize, { receivedAt, seenAt: opened }));
    }
    expect(seen.map((at) => (at - opened) / minute)).toEqual([15, 30, 45, 60]);
  });

  it('is answered when the state write fails, which is tried again with the next message', async () => {
    const warnings: string[] = [];
    let attempts = 0;
    const note = noteSeen(
      {
        seen: async () => {
          attempts += 1;
          throw new Error('ThrottlingException');
        },
      },
      (kind) => void warnings.push(kind),
    );
    await note('CP01', now, 0);
    await note('CP01', now + 1, 0);
    expect([attempts, warnings]).toEqual([2, ['lastSeenNotNoted', 'lastSeenNotNoted']]);
  });

  it('learns from the write what other environments noted', async () => {
    const calls: number[] = [];
    const note = noteSeen(
      {
        seen: async (_stationId, at) => {
          calls.push(at);
          return now + 10 * minute;
        },
      },
      () => {},
    );
    await note('CP01', now + 15 * minute, now);
    await note('CP01', now + 20 * minute, now);
    await note('CP01', now + 25 * minute, now);
    expect(calls).toEqual([now + 15 * minute, now + 25 * minute]);
  });
});

describe('what is no call', () => {
  it.each([
    ['a result', '[3,"c1",{"status":"Accepted"}]'],
    ['an error', '[4,"c1","NotSupported","",{}]'],
    ['no JSON', '{oops'],
  ])('%s is kept and not answered', async (_what, frame) => {
    const { answer, stream } = setUp();
    expect([await answer(incoming(frame)), stream.records.length]).toEqual([undefined, 1]);
  });

  it('on a socket is not answered when it cannot be kept: a failed invocation would send an error to the charger', async () => {
    const { answer, stream, warnings } = setUp();
    stream.refuse();
    expect([await answer(incoming('[3,"c1",{}]')), warnings]).toEqual([undefined, ['replyNotKept']]);
  });

  it('fails the invocation over MQTT when it cannot be kept, so that it is repeated', async () => {
    const { answer, stream } = setUp();
    stream.refuse();
    const reply = incoming('[3,"c1",{}]', { transport: 'mqtt' });
    await expect(answer(reply)).rejects.toThrow('ProvisionedThroughputExceededException');
  });

  it('is told in 2.x words when it cannot be read', async () => {
    const { answer } = setUp();
    expect(JSON.parse((await answer(incoming('{oops', { ocpp: '2.0.1' }))) ?? '').slice(0, 3)).toEqual([
      4,
      '-1',
      'RpcFrameworkError',
    ]);
  });
});

describe('a frame of more than 128 KB', () => {
  const big = (type: number) => JSON.stringify([type, 'm1', 'DataTransfer', { vendorId: 'x'.repeat(131_072) }]);

  it('is an error for a call, and not kept', async () => {
    const { answer, stream, warnings } = setUp();
    const text = '[4,"m1","RpcFrameworkError","The message is longer than 131072 bytes",{}]';
    expect([await answer(incoming(big(2), { ocpp: '2.0.1' })), stream.records, warnings]).toEqual([
      text,
      [],
      ['oversize'],
    ]);
  });

  it('is neither answered nor kept when it is no call', async () => {
    const { answer, stream } = setUp();
    expect([await answer(incoming(big(3))), stream.records]).toEqual([undefined, []]);
  });
});

describe('a tag', () => {
  const tag = (over: Partial<Tag> = {}): Tag => ({ tag: 'T1', status: 'Accepted', ...over });
  const verdict = async (given: Given, frame: unknown) =>
    payloadOf(await setUp(given).answer(incoming(frame))).idTagInfo;

  it.each([
    ['that is listed is accepted', { tags: [tag()] }, { status: 'Accepted' }],
    ['that is blocked is refused', { tags: [tag({ status: 'Blocked' })] }, { status: 'Blocked' }],
    ['that nobody listed is refused by default', {}, { status: 'Invalid' }],
    ['that nobody listed is accepted where the operator says so', { unknownTags: 'accept' }, { status: 'Accepted' }],
    [
      'is good until its last millisecond, and its group is told',
      { tags: [tag({ expiresAt: now + 1, parentTag: 'G1' })] },
      { status: 'Accepted', expiryDate: '2026-11-20T10:00:00.001Z', parentIdTag: 'G1' },
    ],
    [
      'is expired from the instant it says',
      { tags: [tag({ expiresAt: now })] },
      { status: 'Expired', expiryDate: '2026-11-20T10:00:00.000Z' },
    ],
    [
      'that is blocked stays blocked after it expired',
      { tags: [tag({ status: 'Blocked', expiresAt: now - 1 })] },
      { status: 'Blocked', expiryDate: '2026-11-20T09:59:59.999Z' },
    ],
  ] as const)('%s', async (_what, given, info) => {
    expect(await verdict(given, authorize)).toEqual(info);
  });

  const charging = (stationId: string, connectorKey: string): Given => ({
    tags: [tag()],
    active: { T1: [{ stationId, connectorKey }] },
  });

  it.each([
    ['at another station', charging('CP02', '1#1'), 'ConcurrentTx'],
    ['at another connector of the station', charging('CP01', '2#2'), 'ConcurrentTx'],
    ['at this very connector: a repeated start', charging('CP01', '1#1'), 'Accepted'],
  ])('that charges %s', async (_where, given, status) => {
    expect((await verdict(given, start(1))).status).toBe(status);
  });

  it('that charges elsewhere may be presented: only a start is refused', async () => {
    expect((await verdict(charging('CP02', '1#1'), authorize)).status).toBe('Accepted');
  });

  it('that charges elsewhere and is blocked is told that it is blocked', async () => {
    const given = { ...charging('CP02', '1#1'), tags: [tag({ status: 'Blocked' })] };
    expect((await verdict(given, start(1))).status).toBe('Blocked');
  });

  const event = (over: object) => [
    2,
    'm1',
    'TransactionEvent',
    {
      eventType: 'Started',
      timestamp: '2026-11-20T10:00:00Z',
      triggerReason: 'Authorized',
      seqNo: 0,
      transactionInfo: { transactionId: 'X1' },
      idToken: { idToken: 'T1', type: 'ISO14443' },
      ...over,
    },
  ];
  const tokenInfo = async (frame: unknown) => {
    const { answer } = setUp(charging('CP01', '2#1'));
    return payloadOf(await answer(incoming(frame, { ocpp: '2.0.1' }))).idTokenInfo.status;
  };

  it.each([
    ['on another EVSE is concurrent', { evse: { id: 1, connectorId: 1 } }, 'ConcurrentTx'],
    ['on the same EVSE is a repeat', { evse: { id: 2 } }, 'Accepted'],
    ['on an EVSE it does not name is believed', {}, 'Accepted'],
    ['is over when an update comes', { eventType: 'Updated', evse: { id: 1 } }, 'Accepted'],
  ])('2.0.1: a start %s', async (_what, over, status) => {
    expect(await tokenInfo(event(over))).toBe(status);
  });
});

describe('over MQTT', () => {
  const setUpMqtt = () => {
    const { answer, stream } = setUp();
    const published: [string, string][] = [];
    const warnings: string[] = [];
    let reads = 0;
    const registry = fakeStationRegistry(registration(), registration({ stationId: 'CP02', ocpp: '2.0.1' }));
    const handle = answerMqtt({
      answer,
      registry: {
        find: (stationId) => {
          reads += 1;
          return registry.find(stationId);
        },
      },
      out: { publish: async (stationId, frame) => void published.push([stationId, frame]) },
      warn: (kind) => void warnings.push(kind),
    });
    return { handle, stream, published, warnings, registry, reads: () => reads };
  };
  const heartbeat = '[2,"m1","Heartbeat",{}]';

  it('a station is answered on its own topic, and its frame kept', async () => {
    const { handle, stream, published } = setUpMqtt();
    const frame = '[2,"m1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]';
    await handle({ frame, stationId: 'CP01', clientId: 'CP01' }, now);
    expect(published).toEqual([['CP01', '[3,"m1",{}]']]);
    expect(stream.records).toEqual([
      {
        kind: 'frame',
        stationId: 'CP01',
        ocpp: '1.6',
        transport: 'mqtt',
        receivedAt: now,
        frame,
        answer: '[3,"m1",{}]',
      },
    ]);
  });

  it('a station speaks the version its registration names', async () => {
    const { handle, published } = setUpMqtt();
    await handle({ frame: '{oops', stationId: 'CP02', clientId: 'CP02' }, now);
    expect(published.map(([stationId, text]) => [stationId, JSON.parse(text)[2]])).toEqual([
      ['CP02', 'RpcFrameworkError'],
    ]);
  });

  it('a frame on the topic of another station is refused', async () => {
    const { handle, stream, published, warnings } = setUpMqtt();
    await handle({ frame: heartbeat, stationId: 'CP01', clientId: 'CP02' }, now);
    expect([stream.records, published, warnings]).toEqual([[], [], ['foreignTopic']]);
  });

  it('an unknown client is refused', async () => {
    const { handle, stream, published, warnings } = setUpMqtt();
    await handle({ frame: heartbeat, stationId: 'CP99', clientId: 'CP99' }, now);
    expect([stream.records, published, warnings]).toEqual([[], [], ['unknownMqttClient']]);
  });

  it('the registration is read once in five minutes', async () => {
    const { handle, reads } = setUpMqtt();
    for (let at = now; at < now + 10 * minute; at += minute)
      await handle({ frame: heartbeat, stationId: 'CP01', clientId: 'CP01' }, at);
    expect(reads()).toBe(2);
  });

  it('the topic rule’s event is unpacked', async () => {
    const got: unknown[] = [];
    const handler = onMqttMessage(async (message) => void got.push(message), Date.now);
    const event = {
      frame: Buffer.from('[2,"é",[]]').toString('base64'),
      stationId: 'CP01',
      clientId: 'CP01',
      receivedAt: 1,
    };
    // biome-ignore lint/suspicious/noExplicitAny: the context is not read
    await handler(event, {} as any);
    expect(got).toEqual([{ frame: '[2,"é",[]]', stationId: 'CP01', clientId: 'CP01' }]);
  });

  it('an empty message is a frame that cannot be read, not a failure', async () => {
    const got: unknown[] = [];
    const handler = onMqttMessage(async (message) => void got.push(message), Date.now);
    // biome-ignore lint/suspicious/noExplicitAny: the context is not read
    await handler({ frame: '', stationId: 'CP01', clientId: 'CP01' }, {} as any);
    expect(got).toEqual([{ frame: '', stationId: 'CP01', clientId: 'CP01' }]);
    // biome-ignore lint/suspicious/noExplicitAny: the context is not read
    await expect(handler({ stationId: 'CP01', clientId: 'CP01' }, {} as any)).rejects.toThrow('sent no frame');
  });
});

describe('on the WebSocket route', () => {
  // biome-ignore lint/suspicious/noExplicitAny: the context is not read
  const context: any = {};
  const authorizer = { stationId: 'CP01', registered: 'true', ocpp: '1.6', admission: 'accepted' };
  const event = (body: string) => ({ requestContext: { connectionId: 'a', connectedAt: 5, authorizer }, body });

  it('the answer is the body, and silence has none', async () => {
    const handler = onMessage(async (frame) => (frame === 'speak' ? 'answer' : undefined), Date.now);
    expect([await handler(event('speak'), context), await handler(event('quiet'), context)]).toEqual([
      { statusCode: 200, body: 'answer' },
      { statusCode: 200 },
    ]);
  });

  it('a message of a socket that passed no authorizer fails', async () => {
    const handler = onMessage(async () => 'answer', Date.now);
    await expect(
      handler({ requestContext: { connectionId: 'a', connectedAt: 5 }, body: 'x' }, context),
    ).rejects.toThrow('Connection a passed no authorizer');
  });
});
