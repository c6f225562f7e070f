import { type AdmissionPorts, type Admitted, admission } from '../../local/apigateway/admission.ts';
import { websocketLimits } from '../../local/apigateway/connection.ts';
import { gatewayDefinition } from '../../local/apigateway/gateway-definition.ts';
import { ProxyResult, routeEvents } from '../../local/apigateway/route-events.ts';
import type { ConnectedStation, InMemoryCsms } from '../../simulator/charge-point/connection/in-memory.ts';
import type { Frame, Interferences } from '../faults/interference.ts';
import type { SimConnection } from '../services/sim-management-api.ts';
import type { Trace } from '../trace.ts';
import type { Deployed } from './deployed.ts';
import { frameDelivery } from './frame-delivery.ts';

export type GatewayPorts = AdmissionPorts & {
  readonly interferences: Interferences;
  readonly trace: Trace;
  /** Told of every text that arrived: at the gateway (up), or at the charger (down). */
  readonly heard: (frame: Frame) => void;
  /** Told of every text the gateway puts on a line. */
  readonly posted: (frame: Frame) => void;
  /** Told of every line as it opens and as it ends. */
  readonly lined: (change: LineChange) => void;
};

/** A line between a charger and the gateway, or AWS IoT, began or ended, as that end sees it. */
export type LineChange = { readonly stationId: string; readonly line: string; readonly isOpen: boolean };

export type SimulatedGateway = {
  /** The chargers' end: what their transport connects to. */
  readonly csms: InMemoryCsms;
  /** An open connection, for the @connections API. */
  readonly connection: (connectionId: string) => SimConnection | undefined;
  readonly connections: () => number;
  /** Cuts the lines of all stations, or of one: both ends notice. */
  readonly cut: (stationId?: string) => void;
};

type Line = {
  readonly station: ConnectedStation;
  readonly admitted: Admitted;
  lastActiveAt: number;
  /** The charger's end still believes in it, or does not. */
  isOpen: boolean;
  queue: Promise<void>;
  readonly close: (code: number, reason: string) => void;
};

/** What the edge and the gateway look at of a handshake. */
const upgradeOf = ({ stationId, password, protocol }: ConnectedStation): Parameters<ReturnType<typeof admission>>[0] =>
  ({
    method: 'GET',
    url: `/ocpp/${encodeURIComponent(stationId)}`,
    headers: {
      host: 'ocpp.example.com',
      upgrade: 'websocket',
      connection: 'Upgrade',
      authorization: `Basic ${Buffer.from(`${stationId}:${password}`).toString('base64')}`,
      'sec-websocket-protocol': protocol,
    },
    socket: { remoteAddress: '192.0.2.1' },
  }) as unknown as Parameters<ReturnType<typeof admission>>[0];

/** The WebSocket API of the template behind its distribution, for chargers in the same process. */
export const simulatedGateway = ({ deployment, account }: Deployed, ports: GatewayPorts): SimulatedGateway => {
  const { system, interferences, trace, heard, posted, lined } = ports;
  const definition = gatewayDefinition(deployment, account);
  const events = routeEvents(definition, ports);
  const admit = admission(definition, events, ports);
  const lines = new Map<string, Line>();
  const deliver = frameDelivery(ports);

  const contextOf = ({ admitted }: Line, more: object): object =>
    events.contextOf(
      admitted.connectionId,
      { ...admitted.connection, lastActiveAt: system.clock() },
      { ...more, ...admitted.granted },
    );

  const say = (line: Line, text: string): void => {
    const { stationId } = line.station;
    const frame = { stationId, line: line.admitted.connectionId, way: 'down', text } as const;
    line.lastActiveAt = system.clock();
    posted(frame);
    deliver(frame, () => {
      if (!line.isOpen) return;
      trace.note(`down ${stationId} ${text}`);
      heard(frame);
      line.station.send(text);
    });
  };

  const receive = async (line: Line, body: string): Promise<void> => {
    const target = definition.message;
    if (target === undefined) return;
    const requestContext = contextOf(line, {
      routeKey: '$default',
      eventType: 'MESSAGE',
      messageId: events.identifier(),
    });
    const answer = await events.call(target, { requestContext, body, isBase64Encoded: false }).then(
      (result) => ProxyResult.safeParse(result ?? {}),
      () => undefined,
    );
    if (!lines.has(line.admitted.connectionId)) return;
    if (answer === undefined || !answer.success)
      say(line, JSON.stringify({ message: 'Internal server error', connectionId: line.admitted.connectionId }));
    else if (target.answers && answer.data.body) say(line, answer.data.body);
  };

  const disconnected = async (line: Line, code: number, reason: string): Promise<void> => {
    if (definition.disconnect === undefined) return;
    if (interferences.losesDisconnect(line.station.stationId))
      return trace.note(`lost $disconnect of ${line.station.stationId}`);
    const requestContext = contextOf(line, {
      routeKey: '$disconnect',
      eventType: 'DISCONNECT',
      disconnectStatusCode: code,
      disconnectReason: reason,
    });
    // Best effort, as on the service.
    await events.call(definition.disconnect, { requestContext, isBase64Encoded: false }).catch(() => undefined);
  };

  const connect: InMemoryCsms['connect'] = async (station) => {
    const { stationId } = station;
    if (interferences.refusesHandshake(stationId)) throw new Error('The network refuses the handshake');
    const admitted = await admit(upgradeOf(station));
    const { connectionId } = admitted;
    trace.note(`open ${stationId} ${connectionId}`);
    const ended = (code: number, reason: string): void => {
      if (!lines.delete(connectionId)) return;
      cancelEnd();
      cancelIdle();
      trace.note(`close ${stationId} ${connectionId} ${code}`);
      lined({ stationId, line: connectionId, isOpen: false });
      line.queue = line.queue.then(() => disconnected(line, code, reason));
    };
    const line: Line = {
      station,
      admitted,
      lastActiveAt: system.clock(),
      isOpen: true,
      queue: Promise.resolve(),
      close: (code, reason) => {
        if (!lines.has(connectionId)) return;
        ended(code, reason);
        station.close();
      },
    };
    const cancelEnd = system.after(websocketLimits.connectionMs, () => line.close(1001, 'Going away'));
    let cancelIdle = (): void => {};
    const watchIdle = (): void => {
      const leftMs = line.lastActiveAt + websocketLimits.idleMs - system.clock();
      if (leftMs <= 0) line.close(1001, 'Going away');
      else cancelIdle = system.after(leftMs, watchIdle);
    };
    watchIdle();
    lines.set(connectionId, line);
    lined({ stationId, line: connectionId, isOpen: true });
    return {
      received: (meant) => {
        const text = interferences.says({ stationId, line: connectionId, way: 'up', text: meant });
        const frame = { stationId, line: connectionId, way: 'up', text } as const;
        deliver(frame, () => {
          if (!lines.has(connectionId)) return;
          line.lastActiveAt = system.clock();
          trace.note(`up ${stationId} ${text}`);
          heard(frame);
          if (Buffer.byteLength(text) > websocketLimits.frameBytes) return line.close(1009, 'Message too big');
          line.queue = line.queue.then(() => receive(line, text));
        });
      },
      closed: () => {
        line.isOpen = false;
        if (interferences.keepsHalfOpen(stationId)) trace.note(`half open ${stationId} ${connectionId}`);
        else ended(1005, '');
      },
    };
  };

  const connection = (connectionId: string): SimConnection | undefined => {
    const line = lines.get(connectionId);
    if (line === undefined) return undefined;
    const { connectedAt, sourceIp } = line.admitted.connection;
    return {
      ...{ connectedAt, sourceIp, lastActiveAt: line.lastActiveAt },
      post: (text) => say(line, text),
      close: () => line.close(1000, 'Connection Closed Normally'),
    };
  };

  return {
    csms: { connect },
    connection,
    connections: () => lines.size,
    cut: (stationId) => {
      for (const line of [...lines.values()])
        if (stationId === undefined || line.station.stationId === stationId) line.close(1006, '');
    },
  };
};
