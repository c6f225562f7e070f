import { beforeEach, describe, expect, it } from 'vitest';
import { resourceTypes } from '../../../local/stack/resource-types.ts';
import { deploymentOf } from '../../../local/template/deployment.ts';
import { interferences } from '../../../sim/faults/interference.ts';
import { obligingConduct } from '../../../sim/services/sim-service-context.ts';
import { type BrokerPorts, type SimulatedBroker, simulatedBroker } from '../../../sim/stack/simulated-broker.ts';
import { type VirtualTime, virtualTime } from '../../../sim/time/virtual-time.ts';
import { trace } from '../../../sim/trace.ts';
import type { StationLine } from '../../../simulator/charge-point/connection/in-memory.ts';
import { random } from '../../../simulator/random.ts';

const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' };
const startAt = Date.UTC(2026, 0, 1);
const rule = (sql: string, target: string) => ({
  Type: 'AWS::IoT::TopicRule',
  Properties: {
    TopicRulePayload: {
      Sql: sql,
      Actions: [{ Lambda: { FunctionArn: target } }],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of AWS IoT.
      ErrorAction: { S3: { BucketName: 'parked', Key: 'mqtt/${topic(2)}', RoleArn: 'role' } },
    },
  },
});
const Resources = JSON.parse(
  JSON.stringify({
    Authorizer: {
      Type: 'AWS::IoT::Authorizer',
      Properties: { AuthorizerName: 'door', AuthorizerFunctionArn: 'authorize', SigningDisabled: true },
    },
    Frames: rule("SELECT encode(*, 'base64') AS frame, clientid() AS clientId FROM 'ocpp/+/in'", 'frames'),
    Connects: rule("SELECT * FROM '$aws/events/presence/connected/+'", 'presence'),
    Disconnects: rule("SELECT * FROM '$aws/events/presence/disconnected/+'", 'presence'),
  }),
);
const deployed = { account, deployment: deploymentOf({ Resources }, account, resourceTypes) };

const policyOf = (clientId: string) => ({
  Version: '2012-10-17',
  Statement: Object.entries({
    'iot:Connect': `client/${clientId}`,
    'iot:Publish': `topic/ocpp/${clientId}/in`,
    'iot:Subscribe': `topicfilter/ocpp/${clientId}/out`,
    'iot:Receive': `topic/ocpp/${clientId}/out`,
  }).map(([Action, resource]) => ({
    Effect: 'Allow',
    Action,
    Resource: `arn:aws:iot:eu-west-1:000000000000:${resource}`,
  })),
});

let time: VirtualTime;
let broker: SimulatedBroker;
let called: [target: string, what: string][] = [];
let parked: (string | undefined)[] = [];
let lined: string[] = [];
let world: ReturnType<typeof interferences>;

const whatOf = ({ eventType, versionNumber, disconnectReason, frame, clientId }: Record<string, unknown>): string =>
  frame === undefined
    ? [eventType, versionNumber, disconnectReason].filter((part) => part !== undefined).join(' ')
    : `${clientId} ${Buffer.from(String(frame), 'base64')}`;

const brokerOf = (more: Partial<BrokerPorts> = {}): SimulatedBroker =>
  simulatedBroker(deployed, {
    invoke: async (_arn, event) => {
      const { mqtt } = (event as { protocolData: { mqtt: { clientId: string; password: string } } }).protocolData;
      const isAuthenticated = Buffer.from(mqtt.password, 'base64').toString() === 'secret';
      return { isAuthenticated, policyDocuments: [policyOf(mqtt.clientId)], disconnectAfterInSeconds: 86_400 };
    },
    deliver: async (target, { body, objectKey }) => {
      if (objectKey === undefined) called.push([target, whatOf(body as Record<string, unknown>)]);
      else parked.push(objectKey);
    },
    system: time.system,
    interferences: world,
    trace: trace(() => 0, false),
    context: { conduct: () => obligingConduct },
    chance: random(1),
    heard: () => {},
    posted: () => {},
    lined: ({ stationId, isOpen }) => void lined.push(`${stationId} ${isOpen ? 'begins' : 'ends'}`),
    ...more,
  });

beforeEach(() => {
  time = virtualTime(startAt, random('time'));
  called = [];
  parked = [];
  lined = [];
  world = interferences();
  broker = brokerOf();
});

const pass = (forMs: number): Promise<void> => time.clock.runUntil(time.clock.now() + forMs);
const payloadOf = (text: string) => new TextEncoder().encode(text);

const connect = async (stationId: string, password = 'secret') => {
  const heard: string[] = [];
  let line: StationLine | undefined;
  let refused: unknown;
  const station = { stationId, password, protocol: 'ocpp1.6', send: (text: string) => void heard.push(text) } as const;
  broker.csms.connect({ ...station, close: () => void heard.push('closed') }).then(
    (opened) => {
      line = opened;
    },
    (error: unknown) => {
      refused = error;
    },
  );
  await pass(2_000);
  return { heard, refused, line: () => line ?? expect.fail(`${stationId} is not connected`) };
};
const presence = () => called.filter(([target]) => target === 'presence').map(([, what]) => what);

describe('AWS IoT in memory', () => {
  it('hands what a station says to the rule, and what is published for it to the station', async () => {
    const { line, heard } = await connect('CP1');
    line().received('[2,"1"]');
    broker.publish({ topic: 'ocpp/CP1/out', qos: 1, payload: payloadOf('[3,"1"]') });
    await pass(1_000);
    expect(called).toEqual([
      ['presence', 'connected 0'],
      ['frames', 'CP1 [2,"1"]'],
    ]);
    expect(heard).toEqual(['[3,"1"]']);
  });

  it('refuses a wrong password, and tells no presence', async () => {
    const { refused } = await connect('CP1', 'wrong');
    expect([String(refused), called]).toEqual(['Error: Not authorized', []]);
  });

  it('ends the older session of a client that connects again', async () => {
    const older = await connect('CP1');
    await connect('CP1');
    expect(older.heard).toEqual(['closed']);
    expect(lined).toEqual(['CP1 begins', 'CP1 ends', 'CP1 begins']);
    expect(presence().toSorted()).toEqual(['connected 0', 'connected 1', 'disconnected 0 DUPLICATE_CLIENTID']);
  });

  it('learns of a silent loss one and a half keep-alives after the last word', async () => {
    const end = world.begin({ keepsHalfOpen: () => true });
    const { line } = await connect('CP1');
    line().received('[2,"1"]');
    line().closed();
    end();
    await pass(89_000);
    expect(presence()).toEqual(['connected 0']);
    await pass(3_000);
    expect(presence()).toEqual(['connected 0', 'disconnected 0 MQTT_KEEP_ALIVE_TIMEOUT']);
  });

  it('begins to number sessions anew when a client was away for an hour', async () => {
    await connect('CP1');
    broker.cut();
    await connect('CP1');
    broker.cut();
    await pass(3_600_000);
    await connect('CP1');
    expect(presence().filter((what) => what.startsWith('connected'))).toEqual([
      'connected 0',
      'connected 1',
      'connected 0',
    ]);
  });

  it('ends a session when the authorizer wants it asked again', async () => {
    const { heard } = await connect('CP1');
    await pass(86_400_000);
    expect([heard, presence()]).toEqual([['closed'], ['connected 0', 'disconnected 0 SERVER_INITIATED_DISCONNECT']]);
  });

  it('parks what a rule cannot hand over, and hands over the rest', async () => {
    const { line } = await connect('CP1');
    const end = world.begin({
      rule: () => {
        throw new Error('throttled');
      },
    });
    line().received('[2,"1"]');
    await pass(1_000);
    end();
    line().received('[2,"2"]');
    await pass(1_000);
    expect([parked, called.at(-1)]).toEqual([['mqtt/CP1'], ['frames', 'CP1 [2,"2"]']]);
  });

  it('keeps for a station with a persistent session what has QoS 1, and loses the rest of what it does not hear', async () => {
    const heardAfterwards = async (stationId: string) => {
      await connect(stationId);
      broker.cut(stationId);
      for (const qos of [0, 1] as const)
        broker.publish({ topic: `ocpp/${stationId}/out`, qos, payload: payloadOf(`QoS ${qos}`) });
      return (await connect(stationId)).heard;
    };
    const all = [];
    for (let index = 0; index < 20; index += 1) all.push((await heardAfterwards(`CP${index}`)).join());
    expect([...new Set(all)].toSorted()).toEqual(['', 'QoS 1']);
  });

  it('tells of presence late, twice and with a wrong stamp where a fault says so', async () => {
    const stamps: unknown[] = [];
    broker = brokerOf({
      deliver: async (_arn, { body }) => void stamps.push((body as { timestamp: number }).timestamp),
    });
    world.begin({ presence: () => ({ delayMs: 0, stampErrMs: -90_000, isRepeated: true }) });
    await connect('CP1');
    await pass(2_000);
    expect(stamps).toEqual([startAt - 90_000, startAt - 90_000]);
  });
});
