import middy from '@middy/core';
import { type OcppVersion, ocppVersions } from '../ocpp/envelope.ts';
import { logFailure } from './log-failure.ts';

/** What the authorizer found out about a socket's station; API Gateway hands it along with every message. */
export type SocketStation = {
  readonly connectionId: string;
  /** Absent when the URL holds no identity. */
  readonly stationId: string | undefined;
  readonly registered: boolean;
  /** Absent when no offered sub-protocol fits. */
  readonly ocpp: OcppVersion | undefined;
  readonly admission: Admission;
  /** ms since the epoch, API Gateway's clock. */
  readonly connectedAt: number;
};

/** A station the authorizer knows, on a sub-protocol we speak: every message after $connect comes from one. */
export type ConnectedStation = SocketStation & { readonly stationId: string; readonly ocpp: OcppVersion };

export type Admission = 'accepted' | 'pending' | 'rejected';
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

export type SocketResponse = {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

const socketStation = ({ requestContext: { connectionId, connectedAt, authorizer } }: SocketEvent): SocketStation => ({
  connectionId,
  connectedAt,
  stationId: typeof authorizer?.stationId === 'string' ? authorizer.stationId : undefined,
  registered: authorizer?.registered === 'true',
  ocpp: ocppVersions.find((version) => version === authorizer?.ocpp),
  admission: admissions.find((admission) => admission === authorizer?.admission) ?? 'rejected',
});

const connectedStation = (event: SocketEvent): ConnectedStation => {
  const station = socketStation(event);
  const { stationId, registered, ocpp } = station;
  if (!registered || stationId === undefined || ocpp === undefined)
    throw new Error(`Connection ${station.connectionId} passed no authorizer`);
  return { ...station, stationId, ocpp };
};

/** The integration of $connect. */
export const onConnect = (connect: (station: SocketStation) => Promise<SocketResponse>) =>
  middy((event: SocketEvent): Promise<SocketResponse> => connect(socketStation(event))).use(logFailure('connect'));

/** The integration of $disconnect; `at` is ms since the epoch. */
export const onDisconnect = (disconnect: (station: SocketStation, at: number) => Promise<void>) =>
  middy(async (event: SocketEvent): Promise<SocketResponse> => {
    await disconnect(socketStation(event), Date.now());
    return { statusCode: 200 };
  }).use(logFailure('disconnect'));

/**
 * The integration of $default, whose route answers on the socket: `answer` gets the text of the frame and returns the
 * text to send, or undefined to say nothing. `at` is ms since the epoch. A binary frame arrives in base64, which no
 * OCPP frame looks like, and takes the way of every unreadable frame.
 */
export const onMessage = (
  answer: (frame: string, station: ConnectedStation, at: number) => Promise<string | undefined>,
) =>
  middy(async (event: SocketEvent): Promise<SocketResponse> => {
    const body = await answer(event.body ?? '', connectedStation(event), Date.now());
    return body === undefined ? { statusCode: 200 } : { statusCode: 200, body };
  }).use(logFailure('message'));
