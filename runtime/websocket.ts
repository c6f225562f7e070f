import type { System } from '../async/system.ts';
import { ocppVersions } from '../ocpp/frames/envelope.ts';
import { credentialVerdicts } from '../use-cases/ports/credential-store.ts';
import type { Admission, ConnectedStation, SocketResponse, SocketStation } from '../use-cases/ports/socket-station.ts';
import { lambda } from './lambda.ts';
import { failureLine } from './log-failure.ts';

const admissions: readonly Admission[] = ['accepted', 'pending', 'rejected'];

/** The part of API Gateway's WebSocket events that is used here. */
export type SocketEvent = {
  readonly requestContext: {
    readonly connectionId: string;
    readonly connectedAt: number;
    readonly authorizer?: Readonly<Record<string, unknown>>;
  };
  readonly body?: string;
};

const socketStation = ({ requestContext: { connectionId, connectedAt, authorizer } }: SocketEvent): SocketStation => ({
  connectionId,
  connectedAt,
  stationId: typeof authorizer?.stationId === 'string' ? authorizer.stationId : undefined,
  verdict: credentialVerdicts.find((verdict) => verdict === authorizer?.verdict) ?? 'unknownStation',
  ocpp: ocppVersions.find((version) => version === authorizer?.ocpp),
  admission: admissions.find((admission) => admission === authorizer?.admission) ?? 'rejected',
});

const connectedStation = (event: SocketEvent): ConnectedStation => {
  const station = socketStation(event);
  const { stationId, verdict, ocpp } = station;
  if (verdict !== 'known' || stationId === undefined || ocpp === undefined)
    throw new Error(`Connection ${station.connectionId} passed no authorizer`);
  return { ...station, stationId, ocpp };
};

/** The integration of $connect. */
export const onConnect = (connect: (station: SocketStation) => Promise<SocketResponse>) =>
  lambda('connect', (event: SocketEvent): Promise<SocketResponse> => connect(socketStation(event)));

/** The integration of $disconnect; `at` is ms since the epoch. */
export const onDisconnect = (
  disconnect: (station: SocketStation, at: number) => Promise<void>,
  clock: System['clock'],
) =>
  lambda('disconnect', async (event: SocketEvent): Promise<SocketResponse> => {
    await disconnect(socketStation(event), clock());
    return { statusCode: 200 };
  });

/**
 * The integration of $default, whose route answers on the socket: `answer` gets the text of the frame and returns the
 * text to send, or undefined to say nothing. `at` is ms since the epoch. A binary frame arrives in base64, which no
 * OCPP frame looks like, and takes the way of every unreadable frame. Whatever throws is logged and not answered: API
 * Gateway would tell the charger of a failed invocation in a text that is no OCPP.
 */
export const onMessage = (
  answer: (frame: string, station: ConnectedStation, at: number) => Promise<string | undefined>,
  clock: System['clock'],
) =>
  lambda('message', async (event: SocketEvent): Promise<SocketResponse> => {
    try {
      const body = await answer(event.body ?? '', connectedStation(event), clock());
      return body === undefined ? { statusCode: 200 } : { statusCode: 200, body };
    } catch (error) {
      console.error(failureLine('message', error));
      return { statusCode: 200 };
    }
  });
