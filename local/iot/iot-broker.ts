import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { type HttpRequest, httpServer, type Reply, ServiceError } from '../http/http-server.ts';
import { type IotSession, iotSessions, largestPayloadBytes } from './iot-sessions.ts';
import type { Authorizer, TopicRule } from './topic-rule.ts';
import { type IotPorts, topicRules } from './topic-rules.ts';

export type IotBroker = {
  /** MQTT 3.1.1 over TCP; AWS IoT takes MQTT 5 too. */
  readonly mqtt: Server;
  /** The data plane's Publish. */
  readonly dataPlane: HttpServer;
  readonly stop: () => Promise<void>;
};

/** AWS IoT: a broker whose clients are let in by the authorizer and held to its policy, and whose messages run the rules. */
export const startIotBroker = async (
  rules: readonly TopicRule[],
  authorizers: readonly Authorizer[],
  ports: IotPorts,
): Promise<IotBroker> => {
  const { system } = ports;
  const { open, ended, allows, presence, presenceOfRefused } = iotSessions(authorizers, ports);
  const sessions = new WeakMap<Client, IotSession>();
  const runRules = topicRules(rules, ports);

  const allowed = (client: Client | null, action: string, resource: string): boolean =>
    client !== null && allows(sessions.get(client), action, resource);

  const authenticate = async (
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
  ): Promise<boolean> => {
    const session = await open({ id: client.id, username, password });
    if (session !== undefined) sessions.set(client, session);
    return session !== undefined;
  };

  const aedes = await Aedes.createBroker({
    id: 'wattstream-local',
    heartbeatInterval: 60_000,
    // AWS IoT takes topics of at most eight levels.
    maxTopicLevels: 8,
    authenticate: (client, username, password, done) => {
      authenticate(client, username, password).then(
        (granted) => {
          if (!granted) runRules(presenceOfRefused(client.id));
          done(granted ? null : notAuthorized(), granted);
        },
        (error: unknown) => {
          ports.report(`MQTT authorizer: ${error instanceof Error ? error.message : String(error)}`);
          done(notAuthorized(), false);
        },
      );
    },
    authorizePublish: (client, packet, done) => {
      const refused =
        packet.qos === 2
          ? 'AWS IoT knows no QoS 2'
          : packet.payload.length > largestPayloadBytes
            ? 'Payload over 128 KB'
            : packet.topic.startsWith('$') || !allowed(client, 'Publish', `topic/${packet.topic}`)
              ? `Not allowed to publish to ${packet.topic}`
              : packet.retain && !allowed(client, 'RetainPublish', `topic/${packet.topic}`)
                ? `Not allowed to retain what is published to ${packet.topic}`
                : undefined;
      // An error makes the broker drop the connection, as AWS IoT does.
      done(refused === undefined ? null : new Error(refused));
    },
    authorizeSubscribe: (client, subscription, done) =>
      done(null, allowed(client, 'Subscribe', `topicfilter/${subscription.topic}`) ? subscription : null),
    authorizeForward: (client, packet) => (allowed(client, 'Receive', `topic/${packet.topic}`) ? packet : null),
  });
  aedes.on('clientReady', (client) => {
    const session = sessions.get(client);
    const ipAddress = client.conn instanceof Socket ? client.conn.remoteAddress : undefined;
    if (session !== undefined) runRules(presence(session, 'connected', { ipAddress }));
  });
  aedes.on('clientDisconnect', (client) => {
    const session = sessions.get(client);
    if (session === undefined) return;
    ended(session);
    runRules(
      presence(session, 'disconnected', {
        clientInitiatedDisconnect: false,
        disconnectReason: 'CONNECTION_LOST',
      }),
    );
  });
  aedes.on('publish', (packet, client) => {
    if (packet.topic.startsWith('$')) return;
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    runRules({ topic: packet.topic, payload, clientId: client?.id, at: system.clock(), newUuid: system.uuid });
  });

  const publish = async ({ method, url, body }: HttpRequest): Promise<Reply> => {
    const topic = decodeURIComponent(/^\/topics\/(.+)$/.exec(url.pathname)?.[1] ?? '');
    if (method !== 'POST' || topic === '')
      throw new ServiceError('UnsupportedOperationException', `${method} ${url.pathname} is not emulated locally`, 501);
    await new Promise<void>((resolve, reject) => {
      aedes.publish(
        {
          cmd: 'publish',
          topic,
          payload: body,
          qos: url.searchParams.get('qos') === '1' ? 1 : 0,
          retain: url.searchParams.get('retain') === 'true',
          dup: false,
        },
        (error) => (error ? reject(error) : resolve()),
      );
    });
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"message":"OK"}' };
  };

  const mqtt = createServer((socket) => {
    aedes.handle(socket);
  });
  return {
    mqtt,
    dataPlane: httpServer(publish),
    stop: () => new Promise((resolve) => aedes.close(() => resolve())),
  };
};

const notAuthorized = (): AuthenticateError => Object.assign(new Error('Not authorized'), { returnCode: 5 });
