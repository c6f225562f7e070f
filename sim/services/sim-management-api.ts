import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { handles, payloadBytes, simClient } from './sim-client.ts';
import { metadata, type SimServiceContext } from './sim-service-context.ts';

const MOST_BYTES = 128 * 1024;

/** A connection as the gateway knows it. A half-open one is still there: what is posted to it is lost. */
export type SimConnection = {
  readonly post: (text: string) => void;
  readonly close: () => void;
  /** ms since the epoch. */
  readonly connectedAt: number;
  readonly lastActiveAt: number;
  readonly sourceIp: string;
};

/** @connections of a WebSocket API. */
export type SimManagementApi = {
  readonly client: ApiGatewayManagementApiClient;
  readonly send: ApiGatewayManagementApiClient['send'];
};

/** `find` knows the gateway's open connections. */
export const simManagementApi = (
  find: (connectionId: string) => SimConnection | undefined,
  context: SimServiceContext,
): SimManagementApi => {
  const open = (connectionId = ''): SimConnection => {
    const connection = find(connectionId);
    if (connection === undefined) throw new GoneException({ message: 'Gone', $metadata: metadata(410) });
    return connection;
  };
  const client = simClient(ApiGatewayManagementApiClient, 'execute-api', context, [
    handles(PostToConnectionCommand, ({ ConnectionId, Data }) => {
      const bytes = payloadBytes(Data);
      if (bytes.length > MOST_BYTES)
        throw new PayloadTooLargeException({ message: 'Message too long', $metadata: metadata(413) });
      open(ConnectionId).post(Buffer.from(bytes).toString());
      return {};
    }),
    handles(DeleteConnectionCommand, ({ ConnectionId }) => {
      open(ConnectionId).close();
      return {};
    }),
    handles(GetConnectionCommand, ({ ConnectionId }) => {
      const { connectedAt, lastActiveAt, sourceIp } = open(ConnectionId);
      return {
        ConnectedAt: new Date(connectedAt),
        LastActiveAt: new Date(lastActiveAt),
        Identity: { SourceIp: sourceIp, UserAgent: '' },
      };
    }),
  ]);
  return { client, send: client.send };
};
