import { describe, expect, it, vi } from 'vitest';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
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
/** Time that does not pass: whoever waits for it waits for ever. */
const standstill = () => new Promise<void>(() => {});
/** Time that is over as soon as nothing else is left to do. */
const impatient = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Given = {
  readonly tags?: readonly Tag[];
  readonly active?: Readonly<Record<string, readonly Place[]>>;
  readonly unknownTags?: 'refuse' | 'accept';
  /** Tables that do not answer at all. */
  readonly hung?: readonly ('tags' | 'connectors' | 'stations' | 'stream' | 'held')[];
};

const setUp = ({ tags = [], active = {}, unknownTags = 'refuse', hung = [] }: Given = {}) => {
  const stream = fakeOcppStream();
  const held: Envelope[] = [];
  const connectivity = fakeStationConnectivity('CP01');
  const warnings: string[] = [];
  const warn = (kind: string) => void warnings.push(kind);
  const seen: number[] = [];
  const sleep = hung.length > 0 ? impatient : standstill;
  const reached = async (table: NonNullable<Given['hung']>[number]) =>
    hung.includes(table) ? standstill() : undefined;
  const answer = answerOcpp({
    tagList: {
      find: async (tag) => {
        await reached('tags');
        return tags.find((entry) => entry.tag === tag);
      },
    },
    activeTags: {
      connectorsOf: async (tag) => {
        await reached('connectors');
        return active[tag] ?? [];
      },
    },
    unknownTags,
    stream: {
      put: async (record) => {
        await reached('stream');
        return stream.put(record);
      },
    },
    held: {
      hold: async (record) => {
        await reached('held');
        held.push(record);
      },
    },
    noteSeen: noteSeen(
      {
        seen: async (stationId, at, notedBefore) => {
          seen.push(at);
          await reached('stations');
          return connectivity.seen(stationId, at, notedBefore);
        },
      },
      warn,
      sleep,
    ),
    settle: async () => undefined,
    sleep,
    warn,
    heartbeatIntervalSec: 540,
  });
  return { answer, stream, connectivity, held, warnings, seen };
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

  it.each(['1.6', '2.0.1'] as const)(
    'that a charger of OCPP %s tells once is answered, and held, when the stream refuses the record',
    async (ocpp) => {
      const { answer, stream, held, warnings } = setUp();
      stream.refuse();
      const payload =
        ocpp === '1.6'
          ? { connectorId: 1, errorCode: 'NoError', status: 'Available' }
          : { evseId: 1, connectorId: 1, connectorStatus: 'Available', timestamp: '2026-11-20T10:00:00Z' };
      const frame = [2, 'm1', 'StatusNotification', payload];
      expect(await answer(incoming(frame, { ocpp }))).toBe('[3,"m1",{}]');
      expect([held, warnings]).toEqual([[{ ...envelope(frame, '[3,"m1",{}]'), ocpp }], ['heldForStream']]);
    },
  );

  it.each([
    ['StartTransaction', start(1)],
    [
      'StopTransaction',
      [2, 'm1', 'StopTransaction', { transactionId: 1, meterStop: 1, timestamp: '2026-11-20T10:00:00Z' }],
    ],
    ['MeterValues', [2, 'm1', 'MeterValues', { connectorId: 1, meterValue: [] }]],
    ['BootNotification', [2, 'm1', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }]],
  ])('that a charger sends again (%s) is not held: it would come out of its order', async (_, frame) => {
    const { answer, stream, held } = setUp();
    stream.refuse();
    expect([JSON.parse((await answer(incoming(frame))) ?? '')[2], held]).toEqual(['InternalError', []]);
  });

  it.each(['2.0.1', '2.1'] as const)(
    'of OCPP %s is held where it is MeterValues, and not where it is of a transaction',
    async (ocpp) => {
      const { answer, stream, held } = setUp();
      stream.refuse();
      const meterValue = [{ timestamp: '2026-11-20T10:00:00Z', sampledValue: [{ value: 1 }] }];
      const values = [2, 'm1', 'MeterValues', { evseId: 1, meterValue }];
      const told = await answer(incoming(values, { ocpp }));
      const transactionInfo = { transactionId: 'T' };
      const event = { eventType: 'Updated', timestamp: '2026-11-20T10:00:00Z', triggerReason: 'Trigger', seqNo: 1 };
      const refused = await answer(incoming([2, 'm2', 'TransactionEvent', { ...event, transactionInfo }], { ocpp }));
      expect([told, held]).toEqual(['[3,"m1",{}]', [{ ...envelope(values, '[3,"m1",{}]'), ocpp }]]);
      expect(JSON.parse(refused ?? '')[2]).toBe('InternalError');
    },
  );

  it('gets an error when it can neither be put onto the stream nor be held', async () => {
    const { answer, stream, warnings } = setUp({ hung: ['held'] });
    stream.refuse();
    const frame = [2, 'm1', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' }];
    expect([JSON.parse((await answer(incoming(frame))) ?? '')[2], warnings]).toEqual([
      'InternalError',
      ['callNotKept'],
    ]);
  });

  it('gets the same error when the stream does not answer at all', async () => {
    const { answer } = setUp({ hung: ['stream'] });
    expect(JSON.parse((await answer(incoming(start(1)))) ?? '')[2]).toBe('InternalError');
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

  it('does not wait for a table that does not answer', async () => {
    const { answer, seen, warnings } = setUp({ hung: ['stations'] });
    const told = await answer(incoming(heartbeat, { seenAt: 0 }));
    expect([payloadOf(told), seen, warnings]).toEqual([
      { currentTime: '2026-11-20T10:00:00.000Z' },
      [now],
      ['lastSeenSlow'],
    ]);
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
      standstill,
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
      standstill,
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
      'is told without a group whose name is too long for OCPP 1.6',
      { tags: [tag({ parentTag: 'G'.repeat(21) })] },
      { status: 'Accepted' },
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

describe('a tag that may charge several times at once', () => {
  const places = (count: number): Place[] =>
    Array.from({ length: count }, (_, index) => ({ stationId: `CP${index + 2}`, connectorKey: '1#1' }));
  const verdict = async (maxSessions: number | undefined, running: number) => {
    const tag: Tag = { tag: 'T1', status: 'Accepted', ...(maxSessions !== undefined && { maxSessions }) };
    const { answer } = setUp({ tags: [tag], active: { T1: places(running) } });
    return payloadOf(await answer(incoming(start(1)))).idTagInfo.status;
  };

  it.each([
    [undefined, 0, 'Accepted'],
    [undefined, 1, 'ConcurrentTx'],
    [3, 2, 'Accepted'],
    [3, 3, 'ConcurrentTx'],
  ])('(%s) is, with %d sessions running elsewhere, %s', async (maxSessions, running, status) => {
    expect(await verdict(maxSessions, running)).toBe(status);
  });
});

describe('a start that is told after the fact', () => {
  const tags: Tag[] = [{ tag: 'T1', status: 'Accepted', expiresAt: now - 30 * minute }];
  const active = { T1: [{ stationId: 'CP02', connectorKey: '1#1' }] };
  const startAt = (timestamp: string) => [
    2,
    'm1',
    'StartTransaction',
    { connectorId: 1, idTag: 'T1', meterStart: 0, timestamp },
  ];
  const eventAt = (timestamp: string, offline: boolean) => [
    2,
    'm1',
    'TransactionEvent',
    {
      eventType: 'Started',
      timestamp,
      triggerReason: 'Authorized',
      seqNo: 0,
      offline,
      evse: { id: 1 },
      transactionInfo: { transactionId: 'X1' },
      idToken: { idToken: 'T1', type: 'ISO14443' },
    },
  ];

  it.each([
    ['an hour ago, when the tag had not expired', '1.6', startAt('2026-11-20T09:00:00Z'), 'Accepted'],
    ['a quarter of an hour ago, when it had', '1.6', startAt('2026-11-20T09:45:00Z'), 'Expired'],
    ['an hour ago', '2.0.1', eventAt('2026-11-20T09:00:00Z', true), 'Accepted'],
  ] as const)('is judged by what held %s (%s), not by sessions of now', async (_when, ocpp, frame, status) => {
    const { answer } = setUp({ tags, active });
    const { idTagInfo, idTokenInfo } = payloadOf(await answer(incoming(frame, { ocpp })));
    expect((idTagInfo ?? idTokenInfo).status).toBe(status);
  });

  it('is known by its offline flag, however young it is', async () => {
    const frame = eventAt('2026-11-20T09:59:00Z', true);
    const valid: Tag[] = [{ tag: 'T1', status: 'Accepted' }];
    const { answer } = setUp({ tags: valid, active });
    expect(payloadOf(await answer(incoming(frame, { ocpp: '2.0.1' }))).idTokenInfo.status).toBe('Accepted');
  });
});

describe('while the list of tags does not answer', () => {
  const started = {
    eventType: 'Started',
    timestamp: '2026-11-20T10:00:00Z',
    triggerReason: 'Authorized',
    seqNo: 0,
    transactionInfo: { transactionId: 'X1' },
    idToken: { idToken: 'T1', type: 'ISO14443' },
  };

  it.each([
    ['accept', 'Accepted'],
    ['refuse', 'Invalid'],
  ] as const)('a start is kept, answered by the policy (%s), and marked', async (unknownTags, status) => {
    const { answer, stream, warnings } = setUp({ unknownTags, hung: ['tags'] });
    const told16 = payloadOf(await answer(incoming(start(1))));
    const told201 = payloadOf(await answer(incoming([2, 'm1', 'TransactionEvent', started], { ocpp: '2.0.1' })));
    expect([told16.idTagInfo, told201.idTokenInfo]).toEqual([{ status }, { status }]);
    expect(stream.records).toMatchObject([{ tagUnverified: true }, { tagUnverified: true }]);
    expect(warnings).toEqual(['tagNotVerified', 'tagNotVerified']);
  });

  it('a stop, an update and an end are kept and answered without a verdict', async () => {
    const { answer, stream } = setUp({ hung: ['tags'] });
    const stop = { transactionId: 5, idTag: 'T1', meterStop: 9, timestamp: '2026-11-20T10:00:00Z' };
    const event = (eventType: string) => ({
      eventType,
      timestamp: '2026-11-20T10:00:00Z',
      triggerReason: 'Authorized',
      seqNo: 1,
      transactionInfo: { transactionId: 'X1' },
      idToken: { idToken: 'T1', type: 'ISO14443' },
    });
    const told = [
      await answer(incoming([2, 'm1', 'StopTransaction', stop])),
      await answer(incoming([2, 'm1', 'TransactionEvent', event('Updated')], { ocpp: '2.0.1' })),
      await answer(incoming([2, 'm1', 'TransactionEvent', event('Ended')], { ocpp: '2.0.1' })),
    ];
    expect([told.map(payloadOf), stream.records.length]).toEqual([[{}, {}, {}], 3]);
  });
});

describe('while the table of running sessions does not answer', () => {
  it.each([
    ['Accepted', true],
    ['Blocked', false],
  ] as const)('a start is answered by what the list says of its tag (%s; marked: %s)', async (status, isMarked) => {
    const { answer, stream } = setUp({ tags: [{ tag: 'T1', status }], hung: ['connectors'] });
    const told = payloadOf(await answer(incoming(start(1))));
    expect([told.idTagInfo, 'tagUnverified' in (stream.records[0] ?? {})]).toEqual([{ status }, isMarked]);
  });
});

describe('over MQTT', () => {
  const setUpMqtt = () => {
    const { answer, stream, connectivity } = setUp();
    const published: [string, string][] = [];
    const warnings: string[] = [];
    let reads = 0;
    let isOut = false;
    const registry = fakeStationRegistry(registration(), registration({ stationId: 'CP02', ocpp: '2.0.1' }));
    const handle = answerMqtt({
      answer,
      registry: {
        find: (stationId) => {
          reads += 1;
          return isOut ? standstill().then(() => undefined) : registry.find(stationId);
        },
      },
      connectivity,
      stream,
      out: { publish: async (stationId, frame) => void published.push([stationId, frame]) },
      sleep: impatient,
      warn: (kind) => void warnings.push(kind),
    });
    const hang = () => {
      isOut = true;
    };
    return { handle, stream, connectivity, published, warnings, registry, reads: () => reads, hang };
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

  it('a station counts as connected that speaks for minutes, though AWS IoT could not tell that it came', async () => {
    const { handle, stream, connectivity } = setUpMqtt();
    const speak = (at: number) => handle({ frame: heartbeat, stationId: 'CP01', clientId: 'CP01', receivedAt: at }, at);
    await speak(now);
    expect(await connectivity.newest('CP01')).toBeUndefined();
    await speak(now + 9 * minute);
    await speak(now + 18 * minute);
    const connectionId = `untold-${now + 9 * minute}`;
    const session = { connectionId, ocpp: '1.6', transport: 'mqtt' };
    expect(await connectivity.newest('CP01')).toEqual({ ...session, connectedAt: now + 9 * minute, isUntold: true });
    expect(stream.records).toEqual([
      {
        kind: 'connection',
        state: 'opened',
        stationId: 'CP01',
        ...session,
        receivedAt: now + 9 * minute,
        mailboxUntold: true,
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

  it('the registration as remembered serves on while the registry does not answer', async () => {
    const { handle, published, hang, warnings } = setUpMqtt();
    await handle({ frame: heartbeat, stationId: 'CP01', clientId: 'CP01' }, now);
    hang();
    await handle({ frame: heartbeat, stationId: 'CP01', clientId: 'CP01' }, now + 6 * minute);
    expect([published.length, warnings]).toEqual([2, ['registrationNotRefreshed']]);
    await expect(handle({ frame: heartbeat, stationId: 'CP02', clientId: 'CP02' }, now)).rejects.toThrow('Not done');
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
    expect(got).toEqual([{ frame: '[2,"é",[]]', stationId: 'CP01', clientId: 'CP01', receivedAt: 1 }]);
  });

  it('a message that is tried again counts from when AWS IoT received it, and is answered with the time it is', async () => {
    const { handle, stream, published } = setUpMqtt();
    const handler = onMqttMessage(handle, () => now);
    const at = async (receivedAt: number) => {
      const frame = Buffer.from('[2,"m1","BootNotification",{"chargePointModel":"M","chargePointVendor":"V"}]');
      // biome-ignore lint/suspicious/noExplicitAny: the context is not read
      const context: any = {};
      await handler({ frame: frame.toString('base64'), stationId: 'CP01', clientId: 'CP01', receivedAt }, context);
      return [stream.records.at(-1)?.receivedAt, JSON.parse(published.at(-1)?.[1] ?? '')[2].currentTime];
    };
    const time = new Date(now).toISOString();
    expect([await at(now - minute), await at(now + minute)]).toEqual([
      [now - minute, time],
      [now, time],
    ]);
    expect(stream.records.some((record) => 'answeredAt' in record)).toBe(false);
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
  const authorizer = { stationId: 'CP01', verdict: 'known', ocpp: '1.6', admission: 'accepted' };
  const event = (body: string) => ({ requestContext: { connectionId: 'a', connectedAt: 5, authorizer }, body });

  it('the answer is the body, and silence has none', async () => {
    const handler = onMessage(async (frame) => (frame === 'speak' ? 'answer' : undefined), Date.now);
    expect([await handler(event('speak'), context), await handler(event('quiet'), context)]).toEqual([
      { statusCode: 200, body: 'answer' },
      { statusCode: 200 },
    ]);
  });

  it('whatever fails is logged and not answered: what API Gateway would say instead is no OCPP', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = onMessage(() => Promise.reject(new Error('no stream')), Date.now);
    const withoutAuthorizer = { requestContext: { connectionId: 'a', connectedAt: 5 }, body: 'x' };
    expect([await broken(event('x'), context), await broken(withoutAuthorizer, context)]).toEqual([
      { statusCode: 200 },
      { statusCode: 200 },
    ]);
    expect(logged.mock.calls.map(([line]) => JSON.parse(String(line)).message)).toEqual([
      'no stream',
      'Connection a passed no authorizer',
    ]);
    logged.mockRestore();
  });
});
