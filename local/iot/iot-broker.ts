import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import { z } from 'zod';
import { type HttpRequest, httpServer, type Reply, ServiceError } from '../http/http-server.ts';
import { policyAllows } from '../template/policy-allows.ts';
import { arnOf } from '../template/resource-kind.ts';
import type { Authorizer, TopicRule } from './topic-rule.ts';
import { type IotPorts, topicRules } from './topic-rules.ts';

export type IotBroker = {
  /** MQTT 3.1.1 over TCP; AWS IoT takes MQTT 5 too. */
  readonly mqtt: Server;
  /** The data plane's Publish. */
  readonly dataPlane: HttpServer;
  readonly stop: () => Promise<void>;
};

/** What follows the question mark in a user name, with the authorizer's name. */
export const authorizerParameter = 'x-amz-customauthorizer-name';

/** AWS IoT's quota for one message. */
const largestPayloadBytes = 128 * 1024;

const Verdict = z.looseObject({
  isAuthenticated: z.boolean(),
  principalId: z.string().optional(),
  policyDocuments: z.array(z.unknown()).default([]),
});
type Session = {
  readonly sessionId: string;
  readonly policies: readonly unknown[];
  readonly principalId: string;
  readonly version: number;
};

/** AWS IoT: a broker whose clients are let in by the authorizer and held to its policy, and whose messages run the rules. */
export const startIotBroker = async (
  rules: readonly TopicRule[],
  authorizers: readonly Authorizer[],
  ports: IotPorts,
): Promise<IotBroker> => {
  const { account, system } = ports;
  const sessions = new WeakMap<Client, Session>();
  /** Sessions each client has had. AWS IoT gives a session's connect and disconnect its number, and the next one a higher. */
  const sessionCounts = new Map<string, number>();
  const runRules = topicRules(rules, ports);

  const allowed = (client: Client | null, action: string, resource: string): boolean => {
    const session = client === null ? undefined : sessions.get(client);
    if (session === undefined) return false;
    const arn = arnOf('iot', resource, account);
    return session.policies.some((policy) => policyAllows(policy, `iot:${action}`, arn));
  };

  const presence = (client: Client, eventType: 'connected' | 'disconnected' | 'connect_failed', more: object) => {
    const topic = `$aws/events/presence/${eventType}/${client.id}`;
    const event = { clientId: client.id, timestamp: system.clock(), eventType, ...more };
    runRules({
      topic,
      payload: Buffer.from(JSON.stringify(event)),
      clientId: undefined,
      at: system.clock(),
      newUuid: system.uuid,
    });
  };

  const presenceOfSession = (client: Client, eventType: 'connected' | 'disconnected', more: object) => {
    const session = sessions.get(client);
    if (session === undefined) return;
    const { sessionId: sessionIdentifier, principalId: principalIdentifier, version: versionNumber } = session;
    presence(client, eventType, { sessionIdentifier, principalIdentifier, versionNumber, ...more });
  };

  /** AWS IoT tells of a client that it refused, too, by the client id it has named. */
  const presenceOfRefused = (client: Client) =>
    presence(client, 'connect_failed', {
      sessionIdentifier: system.uuid(),
      connectFailureReason: 'AUTHORIZATION_FAILED',
    });

  const authenticate = async (client: Client, username: string | undefined, password: Buffer | undefined) => {
    // On the endpoint every account has, a client without a certificate is let in only by an authorizer that it names.
    const asked = new URLSearchParams(username?.replace(/^[^?]*/s, '')).get(authorizerParameter);
    const authorizer = authorizers.find(({ properties }) => properties.AuthorizerName === asked);
    if (authorizer === undefined) return false;
    const verdict = Verdict.parse(
      await ports.invoke(authorizer.properties.AuthorizerFunctionArn, {
        protocolData: {
          mqtt: {
            username,
            password: password?.toString('base64'),
            clientId: client.id,
          },
        },
        protocols: ['mqtt'],
        signatureVerified: false,
        connectionMetadata: { id: system.uuid() },
      }),
    );
    if (!verdict.isAuthenticated) return false;
    const version = sessionCounts.get(client.id) ?? 0;
    sessionCounts.set(client.id, version + 1);
    sessions.set(client, {
      sessionId: system.uuid(),
      policies: verdict.policyDocuments,
      principalId: verdict.principalId ?? '',
      version,
    });
    return allowed(client, 'Connect', `client/${client.id}`);
  };

  const aedes = await Aedes.createBroker({
    id: 'wattstream-local',
    heartbeatInterval: 60_000,
    // AWS IoT takes topics of at most eight levels.
    maxTopicLevels: 8,
    authenticate: (client, username, password, done) => {
      authenticate(client, username, password).then(
        (granted) => {
          if (!granted) presenceOfRefused(client);
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
    const ipAddress = client.conn instanceof Socket ? client.conn.remoteAddress : undefined;
    presenceOfSession(client, 'connected', { ipAddress });
  });
  aedes.on('clientDisconnect', (client) =>
    presenceOfSession(client, 'disconnected', {
      clientInitiatedDisconnect: false,
      disconnectReason: 'CONNECTION_LOST',
    }),
  );
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
