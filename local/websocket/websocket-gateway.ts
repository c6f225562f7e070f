import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { FrontDoor, ViewerRequest } from '../cloudfront/front-door.ts';
import { identityPresent, requestPartsOf, viewerRequest } from '../cloudfront/viewer-request.ts';
import { httpServer } from '../http/http-endpoint.ts';
import { InvocationFailed } from '../lambda/lambda.ts';
import { policyAllows } from '../template/iam-policy.ts';
import type { Account } from '../template/template.ts';
import { frameSizes } from './frame-sizes.ts';
import { type Connection, manage, websocketLimits } from './websocket-connection.ts';
import { Refused, refusal, refuse } from './websocket-refusal.ts';
import type { GatewayDefinition, RouteTarget } from './websocket-resources.ts';

export type GatewayPorts = {
  readonly frontDoor: FrontDoor;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly account: Account;
  readonly now: () => number;
};

export type GatewayCounts = { readonly connections: number; readonly messages: number };

/** The WebSocket API behind its CloudFront distribution. */
export type WebsocketGateway = {
  readonly server: Server;
  /** The @connections API. */
  readonly management: Server;
  readonly counts: () => GatewayCounts;
  readonly stop: () => void;
};

const Allowed = z.looseObject({
  principalId: z.string(),
  policyDocument: z.looseObject({ Statement: z.array(z.unknown()) }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
const ProxyResult = z.looseObject({
  statusCode: z.number().optional(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  body: z.string().nullish(),
});

export const websocketGateway = (
  definition: GatewayDefinition,
  ports: GatewayPorts,
  limits = websocketLimits,
): WebsocketGateway => {
  const { invoke, account, now } = ports;
  const connections = new Map<string, Connection>();
  const protocols = new WeakMap<IncomingMessage, string>();
  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    // Exactly what $connect answered; nothing when it named none.
    handleProtocols: (_offered, request) => protocols.get(request) ?? false,
  });
  let messages = 0;

  const contextOf = (connectionId: string, connection: Omit<Connection, 'socket'>, more: object) => ({
    apiId: definition.apiId,
    stage: definition.stage,
    domainName: definition.domainName,
    connectionId,
    connectedAt: connection.connectedAt,
    requestId: identifier(),
    extendedRequestId: identifier(),
    requestTime: new Date(now()).toUTCString(),
    requestTimeEpoch: now(),
    messageDirection: 'IN',
    identity: { sourceIp: connection.sourceIp, userAgent: connection.userAgent },
    ...more,
  });

  const call = (target: RouteTarget, event: unknown): Promise<unknown> => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error('Endpoint request timed out')), target.timeoutMs);
    return Promise.race([invoke(target.functionArn, event), late]).finally(() => clearTimeout(timer));
  };

  const authorize = async (request: ViewerRequest, requestParts: object, context: object) => {
    const { authorizer } = definition;
    if (authorizer === undefined) return undefined;
    if (!authorizer.identitySource.every((source) => identityPresent(source, request)))
      throw refusal(401, 'Unauthorized');
    const methodArn = `arn:aws:execute-api:${account.region}:${account.accountId}:${definition.apiId}/${definition.stage}/$connect`;
    const answer = await invoke(authorizer.functionArn, {
      type: 'REQUEST',
      methodArn,
      ...requestParts,
      requestContext: context,
    }).catch((error: unknown) => {
      if (error instanceof InvocationFailed && error.message === 'Unauthorized') throw refusal(401, 'Unauthorized');
      throw refusal(500, 'Internal server error');
    });
    const decision = Allowed.safeParse(answer);
    if (!decision.success) throw refusal(500, 'Internal server error');
    const { principalId, policyDocument, context: passed } = decision.data;
    if (!policyAllows(policyDocument, 'execute-api:Invoke', methodArn)) throw refusal(403, 'Forbidden');
    const texts = Object.entries(passed ?? {}).map(([name, value]) => [name, String(value)]);
    return { principalId, ...Object.fromEntries(texts), integrationLatency: 0 };
  };

  const connect = async (incoming: IncomingMessage) => {
    const viewer = viewerRequest(incoming);
    const edge = await ports.frontDoor(viewer);
    if (edge.kind === 'answer') throw new Refused(edge.status, edge.body, edge.headers);
    const { request } = edge;
    // A WebSocket API knows only its stage: any path below it is answered 403.
    if (edge.domainName !== definition.domainName || request.uri !== `/${definition.stage}`)
      throw refusal(403, 'Forbidden');
    const connectionId = identifier();
    const connection = {
      connectedAt: now(),
      lastActiveAt: now(),
      sourceIp: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    };
    const parts = requestPartsOf(request);
    const context = contextOf(connectionId, connection, { routeKey: '$connect', eventType: 'CONNECT' });
    const authorizer = await authorize(request, parts, context);
    const granted = authorizer === undefined ? {} : { authorizer };
    let protocol: string | undefined;
    if (definition.connect !== undefined) {
      const answer = await call(definition.connect, {
        ...parts,
        requestContext: { ...context, ...granted },
        isBase64Encoded: false,
      }).catch(() => {
        throw refusal(502, 'Internal server error');
      });
      const result = ProxyResult.safeParse(answer);
      if (!result.success || result.data.statusCode === undefined) throw refusal(502, 'Internal server error');
      const { statusCode, headers, body } = result.data;
      if (statusCode < 200 || statusCode > 299) throw new Refused(statusCode, body ?? '');
      protocol = Object.entries(headers ?? {})
        .find(([name]) => name.toLowerCase() === 'sec-websocket-protocol')?.[1]
        .toString();
    }
    return { connectionId, connection, protocol, granted };
  };

  const open = (incoming: IncomingMessage, raw: Duplex, head: Buffer, made: Awaited<ReturnType<typeof connect>>) => {
    const { connectionId, granted } = made;
    if (made.protocol !== undefined) protocols.set(incoming, made.protocol);
    upgrader.handleUpgrade(incoming, raw, head, (socket) => {
      const connection: Connection = { ...made.connection, socket };
      connections.set(connectionId, connection);
      let oversize = false;
      raw.prependListener(
        'data',
        frameSizes((bytes) => {
          if (bytes <= limits.frameBytes || oversize) return;
          oversize = true;
          socket.close(1009, 'Message too big');
        }),
      );
      const cut = setTimeout(() => socket.close(1001, 'Going away'), limits.connectionMs);
      const idle = setInterval(() => {
        if (now() - connection.lastActiveAt >= limits.idleMs) socket.close(1001, 'Going away');
      }, limits.idleMs / 20);
      // API Gateway runs messages of one connection concurrently and promises no order; here they run one after the other.
      let queue: Promise<void> = Promise.resolve();
      socket.on('message', (data, isBinary) => {
        connection.lastActiveAt = now();
        if (oversize) return;
        if (isBinary) return socket.close(1003, 'Binary is not supported');
        messages += 1;
        const body = data.toString();
        queue = queue.then(() => receive(connectionId, connection, granted, body));
      });
      // A client's WebSocket ping counts as traffic.
      socket.on('ping', () => {
        connection.lastActiveAt = now();
      });
      // `ws` closes the socket after a protocol error by itself; 'close' follows with the code.
      socket.on('error', () => undefined);
      socket.on('close', (code, reason) => {
        clearTimeout(cut);
        clearInterval(idle);
        connections.delete(connectionId);
        queue = queue.then(() => disconnected(connectionId, connection, granted, code, reason.toString()));
      });
    });
  };

  const receive = async (connectionId: string, connection: Connection, granted: object, body: string) => {
    const target = definition.message;
    if (target === undefined) return;
    const requestContext = contextOf(connectionId, connection, {
      routeKey: '$default',
      eventType: 'MESSAGE',
      messageId: identifier(),
      ...granted,
    });
    const answer = await call(target, { requestContext, body, isBase64Encoded: false }).then(
      (result) => ProxyResult.safeParse(result ?? {}),
      () => undefined,
    );
    if (connection.socket.readyState !== connection.socket.OPEN) return;
    if (answer === undefined || !answer.success) {
      const { requestId } = requestContext;
      connection.socket.send(JSON.stringify({ message: 'Internal server error', connectionId, requestId }));
    } else if (target.answers && answer.data.body) {
      connection.socket.send(answer.data.body);
    }
    connection.lastActiveAt = now();
  };

  const disconnected = async (
    connectionId: string,
    connection: Connection,
    granted: object,
    code: number,
    reason: string,
  ) => {
    if (definition.disconnect === undefined || stopping) return;
    const requestContext = contextOf(connectionId, connection, {
      routeKey: '$disconnect',
      eventType: 'DISCONNECT',
      disconnectStatusCode: code,
      disconnectReason: reason,
      ...granted,
    });
    // Best effort, as on the service: a failure is in the function's log and nowhere else.
    await call(definition.disconnect, { requestContext, isBase64Encoded: false }).catch(() => undefined);
  };

  let stopping = false;
  const server = createServer((_request, response) => {
    response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' });
    response.end('This port speaks OCPP over WebSocket: connect to ws://HOST:PORT/ocpp/{stationId}\n');
  });
  server.on('upgrade', (incoming: IncomingMessage, raw: Duplex, head: Buffer) => {
    const gone = () => raw.destroy();
    raw.on('error', gone);
    connect(incoming).then(
      (made) => {
        raw.removeListener('error', gone);
        if (raw.destroyed || stopping) return raw.destroy();
        open(incoming, raw, head, made);
      },
      (error: unknown) =>
        refuse(raw, error instanceof Refused ? error : refusal(500, error instanceof Error ? error.message : 'Error')),
    );
  });

  return {
    server,
    management: httpServer((request) => manage(connections, request)),
    counts: () => ({ connections: connections.size, messages }),
    stop: () => {
      stopping = true;
      for (const { socket } of connections.values()) socket.terminate();
      upgrader.close();
    },
  };
};

const identifier = () => randomBytes(11).toString('base64url').concat('=');
