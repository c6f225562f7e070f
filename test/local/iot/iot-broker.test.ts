import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local/http/http-server.ts';
import { type IotBroker, startIotBroker } from '../../../local/iot/iot-broker.ts';
import { iotAuthorizer, iotTopicRule } from '../../../local/iot/topic-rule.ts';
import { localSystem } from '../../../local/local-system.ts';

const arn = (resource: string) => `arn:aws:iot:eu-west-1:000000000000:${resource}`;
const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource: arn(Resource) });
const rule = (logicalId: string, Sql: string) => ({
  logicalId,
  properties: iotTopicRule.properties.parse({
    TopicRulePayload: {
      Sql,
      Actions: [{ Lambda: { FunctionArn: logicalId } }],
      ErrorAction: { S3: { BucketName: 'parked', Key: `mqtt/\${topic(2)}` } },
    },
  }),
});

let iot: IotBroker;
let port = 0;
let data: IoTDataPlaneClient;
let called: [string, Record<string, unknown>][] = [];
let parked: [string, string][] = [];
const clients: MqttClient[] = [];

beforeAll(async () => {
  iot = await startIotBroker(
    [
      rule('frames', "SELECT encode(*, 'base64') AS frame, topic(2) AS stationId FROM 'ocpp/+/in'"),
      rule('strict', "SELECT * FROM 'ocpp/+/in'"),
      rule('presence', "SELECT clientId, eventType, versionNumber FROM '$aws/events/presence/connected/+'"),
      rule('presence', "SELECT clientId, eventType, versionNumber FROM '$aws/events/presence/disconnected/+'"),
      rule('refused', "SELECT clientId, eventType FROM '$aws/events/presence/connect_failed/+'"),
    ],
    [
      {
        logicalId: 'Authorizer',
        properties: iotAuthorizer.properties.parse({
          AuthorizerName: 'door',
          AuthorizerFunctionArn: 'authorize',
          SigningDisabled: true,
        }),
      },
    ],
    {
      invoke: async (_arn, event) => {
        const { clientId, username, password } = (event as { protocolData: { mqtt: Record<string, string> } })
          .protocolData.mqtt;
        return {
          isAuthenticated: Buffer.from(password ?? '', 'base64').toString() === 'secret',
          principalId: 'p',
          policyDocuments: [
            {
              Version: '2012-10-17',
              Statement: [
                allow('iot:Connect', `client/${username?.split('?')[0]}`),
                allow('iot:Publish', `topic/ocpp/${clientId}/in`),
                allow('iot:Subscribe', `topicfilter/ocpp/${clientId}/out`),
                allow('iot:Receive', `topic/ocpp/${clientId}/out`),
              ],
            },
          ],
        };
      },
      deliver: async (target, { body, objectKey }) => {
        if (objectKey === undefined) called.push([target, { ...(body as object) }]);
        else parked.push([target, objectKey]);
      },
      report: () => undefined,
      account: { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' },
      system: localSystem,
    },
  );
  port = await listen(iot.mqtt, 0, '--mqtt-port');
  const endpoint = `http://127.0.0.1:${await listen(iot.dataPlane, 0, '--iot-port')}`;
  data = new IoTDataPlaneClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});
beforeEach(() => {
  called = [];
  parked = [];
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
});
afterAll(async () => {
  data.destroy();
  await iot.stop();
  await close(iot.mqtt);
  await close(iot.dataPlane);
});

const connect = async (
  clientId: string,
  username = `${clientId}?x-amz-customauthorizer-name=door`,
  password = 'secret',
): Promise<MqttClient> => {
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    clientId,
    username,
    password,
    reconnectPeriod: 0,
    protocolVersion: 4,
  });
  clients.push(client);
  return await new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client));
    client.once('error', reject);
  });
};

describe('IoT', () => {
  it('runs the rules on what a client publishes, parks what a rule cannot read, and delivers answers', async () => {
    const client = await connect('CP1');
    await client.subscribeAsync('ocpp/CP1/out', { qos: 1 });
    const answer = new Promise<string>((resolve) =>
      client.once('message', (topic, payload) => resolve(`${topic} ${payload}`)),
    );
    await client.publishAsync('ocpp/CP1/in', 'not json', { qos: 1 });
    await data.send(new PublishCommand({ topic: 'ocpp/CP1/out', qos: 1, payload: Buffer.from('[3]') }));
    expect(await answer).toBe('ocpp/CP1/out [3]');
    expect(called.filter(([name]) => name !== 'presence')).toEqual([
      ['frames', { frame: Buffer.from('not json').toString('base64'), stationId: 'CP1' }],
    ]);
    expect(parked).toEqual([['arn:aws:s3:::parked', 'mqtt/CP1']]);
  });

  it('tells of presence, with a number that a session keeps and the next one exceeds', async () => {
    const told = () => called.map(([, event]) => event).filter(({ clientId }) => clientId === 'CP2');
    for (const sessions of [1, 2]) {
      await (await connect('CP2')).endAsync();
      await vi.waitFor(() => expect(told()).toHaveLength(2 * sessions));
    }
    expect(told()).toEqual([
      { clientId: 'CP2', eventType: 'connected', versionNumber: 0 },
      { clientId: 'CP2', eventType: 'disconnected', versionNumber: 0 },
      { clientId: 'CP2', eventType: 'connected', versionNumber: 1 },
      { clientId: 'CP2', eventType: 'disconnected', versionNumber: 1 },
    ]);
  });

  it.each([
    ['a wrong password', ['CP1', 'CP1?x-amz-customauthorizer-name=door', 'wrong']],
    ["another station's client id", ['CP1', 'CP2?x-amz-customauthorizer-name=door', 'secret']],
    ['a user name that names no authorizer', ['CP1', 'CP1', 'secret']],
    ['a user name that names another authorizer', ['CP1', 'CP1?x-amz-customauthorizer-name=window', 'secret']],
  ] as const)('refuses %s, and tells of it apart from presence', async (_what, [clientId, username, password]) => {
    await expect(connect(clientId, username, password)).rejects.toThrow(/Not authorized/);
    expect(called).toEqual([['refused', { clientId, eventType: 'connect_failed' }]]);
  });

  it('refuses MQTT 5, which it does not speak, at CONNECT', async () => {
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
      clientId: 'CP6',
      username: 'CP6?x-amz-customauthorizer-name=door',
      password: 'secret',
      reconnectPeriod: 0,
      connectTimeout: 3_000,
      protocolVersion: 5,
    });
    clients.push(client);
    client.on('error', () => undefined);
    const outcome = await new Promise((resolve) => {
      client.once('connect', () => resolve('connected'));
      client.once('close', () => resolve('refused'));
    });
    expect(outcome).toBe('refused');
  });

  it('drops a client that publishes as another station, and runs no rule', async () => {
    const client = await connect('CP3');
    const closed = new Promise((resolve) => client.once('close', () => resolve('closed')));
    client.publish('ocpp/CP1/in', '{}', { qos: 1 });
    expect([await closed, called.filter(([name]) => name !== 'presence')]).toEqual(['closed', []]);
  });

  it('drops a client that wants its message retained, which is a right of its own, and runs no rule', async () => {
    const client = await connect('CP5');
    const closed = new Promise((resolve) => client.once('close', () => resolve('closed')));
    client.publish('ocpp/CP5/in', '{}', { qos: 1, retain: true });
    expect([await closed, called.filter(([name]) => name !== 'presence')]).toEqual(['closed', []]);
  });

  it("refuses a subscription to another station's topic or to all", async () => {
    const client = await connect('CP4');
    const granted = await Promise.all(
      ['ocpp/CP4/out', 'ocpp/CP1/out', '#'].map((topic) =>
        client.subscribeAsync(topic).then(
          ([grant]) => grant?.qos,
          () => 'refused',
        ),
      ),
    );
    expect(granted).toEqual([0, 'refused', 'refused']);
  });
});
