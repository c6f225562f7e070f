import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import type { ConnectedStation, InMemoryCsms } from '../../simulator/charge-point/connection/in-memory.ts';
import type { Clock } from '../../simulator/clock.ts';
import type { answerOcpp } from '../../use-cases/answer-ocpp/answer-ocpp.ts';
import type { trackConnection } from '../../use-cases/track-connection/track-connection.ts';
import { counter } from './counter.ts';

/** The open sockets of stations, as the functions behind the gateway reach them. */
export const virtualSockets = () => {
  const open = new Map<string, ConnectedStation>();
  const frames = counter();
  return {
    open,
    /** Frames sent to stations, by action. */
    sent: frames.counts,
    send: async (_: string, { connectionId }: { readonly connectionId: string }, frame: string) => {
      const socket = open.get(connectionId);
      if (socket === undefined) return 'gone' as const;
      frames.count(JSON.parse(frame)[2]);
      socket.send(frame);
      return 'sent' as const;
    },
    close: async (connectionId: string) => open.get(connectionId)?.close(),
    closeAll: (): void => {
      for (const socket of open.values()) socket.close();
    },
  };
};

/** How stations connect: the gateway with the functions that track connections and answer frames. */
export const virtualGateway = ({
  clock,
  sockets,
  track,
  answer,
  isRunning,
}: {
  readonly clock: Clock;
  readonly sockets: ReturnType<typeof virtualSockets>;
  readonly track: ReturnType<typeof trackConnection>;
  readonly answer: ReturnType<typeof answerOcpp>;
  readonly isRunning: () => boolean;
}): InMemoryCsms['connect'] => {
  let connections = 0;
  return async (socket) => {
    if (!isRunning()) throw new Error('The gateway does not answer');
    const { stationId, protocol } = socket;
    const ocpp: OcppVersion = protocol === 'ocpp1.6' ? '1.6' : '2.0.1';
    const connectionId = `c${++connections}`;
    const connectedAt = clock.now();
    sockets.open.set(connectionId, socket);
    const station = {
      connectionId,
      stationId,
      verdict: 'known' as const,
      ocpp,
      admission: 'accepted' as const,
      connectedAt,
    };
    const { statusCode } = await track.connect(station);
    if (statusCode !== 200) throw new Error(`The gateway answers ${statusCode}`);
    const answered = async (frame: string): Promise<void> => {
      const text = await answer({
        frame,
        stationId,
        ocpp,
        admission: 'accepted',
        transport: 'websocket',
        connectionId,
        receivedAt: clock.now(),
        seenAt: connectedAt,
      });
      if (text !== undefined) socket.send(text);
    };
    return {
      received: (frame) => {
        if (isRunning()) void answered(frame);
      },
      closed: () => {
        sockets.open.delete(connectionId);
        if (isRunning()) void track.disconnect(station, clock.now());
      },
    };
  };
};
