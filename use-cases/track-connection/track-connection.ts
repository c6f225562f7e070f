import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ConnectionEnvelope } from '../../ocpp/frames/envelope.ts';
import type { Presence } from '../ports/mqtt-client.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { SocketResponse, SocketStation } from '../ports/socket-station.ts';
import type { Sockets } from '../ports/sockets.ts';
import type { Opened, StationConnectivity } from '../ports/station-connectivity.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { WakeMailbox } from '../send-command/wake-mailbox.ts';

export type ConnectionPorts = {
  readonly connectivity: Pick<StationConnectivity, 'open' | 'close' | 'newest'>;
  readonly registry: Pick<StationRegistry, 'find'>;
  readonly stream: OcppStream;
  readonly sockets: Sockets;
  readonly mailbox: Pick<WakeMailbox, 'connected' | 'disconnected'>;
  readonly warn: SampledWarning;
};

type Versioned = { readonly version?: number };
type Arrival = Omit<ConnectionEnvelope, 'kind' | 'state'> & Versioned;
type Departure = Pick<ConnectionEnvelope, 'stationId' | 'connectionId' | 'receivedAt'> & Versioned;

/** Records who is connected, and tells the stream. The newest connection of a station wins. */
export const trackConnection = ({ connectivity, registry, stream, sockets, mailbox, warn }: ConnectionPorts) => {
  /** A connection counts although its mailbox does not hear of it: what was sent before ends at its deadline then. */
  const isTold = async (stationId: string, hear: Promise<void>): Promise<boolean> => {
    try {
      await hear;
      return true;
    } catch (error) {
      warn('mailboxNotTold', { stationId, error: String(error) });
      return false;
    }
  };

  /** A socket that was replaced is closed, or its charger would wait for answers on it. */
  const closeReplaced = async (opened: Opened, { stationId, connectionId }: Arrival): Promise<void> => {
    if (opened.outcome !== 'recorded') return;
    const old = opened.previous;
    if (old?.connectionId === undefined || old.connectionId === connectionId || old.transport !== 'websocket') return;
    try {
      await sockets.close(old.connectionId);
    } catch (error) {
      warn('oldSocketLeftOpen', { stationId, connectionId: old.connectionId, error: String(error) });
    }
  };

  const opened = async ({ version, ...arrival }: Arrival): Promise<Opened['outcome']> => {
    const { stationId, connectionId, ocpp, transport, receivedAt: at } = arrival;
    const opened = await connectivity.open({
      stationId,
      connectionId,
      ocpp,
      transport,
      at,
      ...omitUndefined({ version }),
    });
    if (opened.outcome !== 'recorded') return opened.outcome;
    await closeReplaced(opened, arrival);
    // A newer connection may have taken this one's place while it was being accepted: until $connect has answered, API Gateway
    // knows no connection that the newer one could close.
    const newest = await connectivity.newest(stationId);
    if (newest?.connectionId !== connectionId) return 'outdated';
    const openedAt = newest.connectedAt ?? at;
    const connection = { connectionId, ocpp, transport, openedAt };
    const record = { kind: 'connection', state: 'opened', ...arrival, receivedAt: openedAt } as const;
    const isMailboxTold = await isTold(stationId, mailbox.connected(stationId, connection));
    try {
      // What waits for the station would wait on: the record sees to it then.
      await stream.put(isMailboxTold ? record : { ...record, mailboxUntold: true });
    } catch (error) {
      // A socket is about to be turned away. An MQTT session stands already: it is told again, or has ended by then.
      if (transport === 'websocket') await connectivity.close({ stationId, connectionId, at });
      throw error;
    }
    return 'recorded';
  };

  /** Only the station's current connection can leave it: the end of one that was replaced changes nothing. */
  const closed = async ({ stationId, connectionId, receivedAt, version }: Departure): Promise<void> => {
    const closing = { stationId, connectionId, at: receivedAt, ...omitUndefined({ version }) };
    const left = await connectivity.close(closing);
    if (left === undefined) return;
    await stream.put({ kind: 'connection', state: 'closed', stationId, ...left, receivedAt });
    await isTold(stationId, mailbox.disconnected(stationId, left.connectionId));
  };

  return {
    /**
     * $connect: 401 for wrong or missing credentials, 404 for an unknown station, 400 when no offered sub-protocol fits,
     * 409 for a socket that lost the race.
     */
    connect: async ({
      stationId,
      verdict,
      ocpp,
      connectionId,
      connectedAt,
    }: SocketStation): Promise<SocketResponse> => {
      if (verdict === 'wrongCredentials') return { statusCode: 401 };
      if (verdict === 'unknownStation' || stationId === undefined) return { statusCode: 404 };
      if (ocpp === undefined) return { statusCode: 400 };
      const outcome = await opened({ stationId, connectionId, ocpp, transport: 'websocket', receivedAt: connectedAt });
      if (outcome === 'unknownStation') return { statusCode: 404 };
      if (outcome === 'outdated') return { statusCode: 409 };
      return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': `ocpp${ocpp}` } };
    },

    /** $disconnect, at ms since the epoch. */
    disconnect: async ({ stationId, connectionId }: SocketStation, at: number): Promise<void> => {
      if (stationId !== undefined) await closed({ stationId, connectionId, receivedAt: at });
    },

    /** Presence of an MQTT client, whose id is its station's: AWS IoT tells after the fact, so nothing can be refused here. */
    presence: async ({ clientId, eventType, sessionIdentifier, timestamp, versionNumber }: Presence): Promise<void> => {
      const session = {
        stationId: clientId,
        connectionId: sessionIdentifier,
        receivedAt: timestamp,
        version: versionNumber,
      };
      if (eventType === 'disconnected') return closed(session);
      const registration = await registry.find(clientId);
      if (registration === undefined) return warn('unknownMqttClient', { clientId });
      const outcome = await opened({ ...session, ocpp: registration.ocpp ?? '1.6', transport: 'mqtt' });
      if (outcome !== 'recorded') warn('mqttSessionNotRecorded', { clientId, outcome });
    },
  };
};
