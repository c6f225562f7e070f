import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { inTurn } from '../../async/in-turn.ts';
import { httpServer } from '../http/http-server.ts';
import { type AdmissionPorts, type Admitted, admission } from './admission.ts';
import { type Connection, manage, websocketLimits } from './connection.ts';
import { frameSizes } from './frame-sizes.ts';
import type { GatewayDefinition } from './gateway-definition.ts';
import { Refused, refusal, refuse } from './refusal.ts';
import { ProxyResult, routeEvents } from './route-events.ts';

/** The WebSocket API behind its CloudFront distribution. */
export type WebsocketGateway = {
  readonly server: Server;
  /** The @connections API. */
  readonly management: Server;
  readonly counts: () => { readonly connections: number; readonly messages: number };
  readonly stop: () => void;
};

/**
 * Handshakes at a time; the others wait their turn. On AWS every invocation has a Lambda of its own, here all share this
 * machine: a fleet that comes back at once would make every one of them too slow for its time-outs.
 */
const ADMISSIONS = { concurrency: 16, waiting: 20_000 };

export const websocketGateway = (
  definition: GatewayDefinition,
  ports: AdmissionPorts,
  limits = websocketLimits,
): WebsocketGateway => {
  const { system } = ports;
  const events = routeEvents(definition, ports);
  const admit = admission(definition, events, ports);
  const turns = inTurn(ADMISSIONS);
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
  let stopping = false;

  const open = (incoming: IncomingMessage, raw: Duplex, head: Buffer, admitted: Admitted) => {
    const { connectionId, protocol } = admitted;
    if (protocol !== undefined) protocols.set(incoming, protocol);
    upgrader.handleUpgrade(incoming, raw, head, (socket) => {
      const connection: Connection = { ...admitted.connection, socket };
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
      const cancelEnd = system.after(limits.connectionMs, () => socket.close(1001, 'Going away'));
      const cancelIdle = system.every(limits.idleMs / 20, () => {
        if (system.clock() - connection.lastActiveAt >= limits.idleMs) socket.close(1001, 'Going away');
      });
      // API Gateway runs messages of one connection concurrently and promises no order; here they run one after the other.
      let queue: Promise<void> = Promise.resolve();
      socket.on('message', (data, isBinary) => {
        connection.lastActiveAt = system.clock();
        if (oversize) return;
        if (isBinary) return socket.close(1003, 'Binary is not supported');
        messages += 1;
        const body = data.toString();
        queue = queue.then(() => receive(admitted, connection, body));
      });
      // A client's WebSocket ping counts as traffic.
      socket.on('ping', () => {
        connection.lastActiveAt = system.clock();
      });
      // `ws` closes the socket after a protocol error by itself; 'close' follows with the code.
      socket.on('error', () => undefined);
      socket.on('close', (code, reason) => {
        cancelEnd();
        cancelIdle();
        connections.delete(connectionId);
        queue = queue.then(() => disconnected(admitted, connection, code, reason.toString()));
      });
    });
  };

  const receive = async ({ connectionId, granted }: Admitted, connection: Connection, body: string) => {
    const target = definition.message;
    if (target === undefined) return;
    const requestContext = events.contextOf(connectionId, connection, {
      routeKey: '$default',
      eventType: 'MESSAGE',
      messageId: events.identifier(),
      ...granted,
    });
    const answer = await events.call(target, { requestContext, body, isBase64Encoded: false }).then(
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
    connection.lastActiveAt = system.clock();
  };

  const disconnected = async (
    { connectionId, granted }: Admitted,
    connection: Connection,
    code: number,
    reason: string,
  ) => {
    if (definition.disconnect === undefined || stopping) return;
    const requestContext = events.contextOf(connectionId, connection, {
      routeKey: '$disconnect',
      eventType: 'DISCONNECT',
      disconnectStatusCode: code,
      disconnectReason: reason,
      ...granted,
    });
    // Best effort, as on the service: a failure is in the function's log and nowhere else.
    await events.call(definition.disconnect, { requestContext, isBase64Encoded: false }).catch(() => undefined);
  };

  const server = createServer((_request, response) => {
    response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' });
    response.end('This port speaks OCPP over WebSocket: connect to ws://HOST:PORT/ocpp/{stationId}\n');
  });
  server.on('upgrade', (incoming: IncomingMessage, raw: Duplex, head: Buffer) => {
    const gone = () => raw.destroy();
    raw.on('error', gone);
    turns(() => admit(incoming)).then(
      (admitted) => {
        raw.removeListener('error', gone);
        if (raw.destroyed || stopping) return raw.destroy();
        open(incoming, raw, head, admitted);
      },
      (error: unknown) =>
        refuse(raw, error instanceof Refused ? error : refusal(500, error instanceof Error ? error.message : 'Error')),
    );
  });

  return {
    server,
    management: httpServer((request) => manage(connections, request, system)),
    counts: () => ({ connections: connections.size, messages }),
    stop: () => {
      stopping = true;
      for (const { socket } of connections.values()) socket.terminate();
      upgrader.close();
    },
  };
};
