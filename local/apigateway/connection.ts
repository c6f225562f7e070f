import type { WebSocket } from 'ws';
import type { HttpRequest, Reply } from '../http/http-server.ts';
import type { LocalSystem } from '../local-system.ts';

/** API Gateway's quotas for WebSocket APIs. */
export const websocketLimits = {
  frameBytes: 32 * 1024,
  messageBytes: 128 * 1024,
  idleMs: 10 * 60_000,
  connectionMs: 2 * 60 * 60_000,
};

/** One open socket. */
export type Connection = {
  readonly socket: WebSocket;
  readonly connectedAt: number;
  lastActiveAt: number;
  readonly sourceIp: string;
  readonly userAgent: string;
};

/** The @connections API: post to, look at and close a connection; 410 when it is gone. */
export const manage = async (
  connections: ReadonlyMap<string, Connection>,
  request: HttpRequest,
  system: LocalSystem,
): Promise<Reply> => {
  const id = decodeURIComponent(/\/@connections\/([^/]+)$/.exec(request.url.pathname)?.[1] ?? '');
  const connection = connections.get(id);
  if (connection === undefined || connection.socket.readyState !== connection.socket.OPEN)
    return { status: 410, headers: { 'x-amzn-errortype': 'GoneException' }, body: '{"message":null}' };
  if (request.method === 'DELETE') {
    connection.socket.close(1000, 'Connection Closed Normally');
    return { status: 204 };
  }
  if (request.method === 'GET')
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        connectedAt: new Date(connection.connectedAt).toISOString(),
        lastActiveAt: new Date(connection.lastActiveAt).toISOString(),
        identity: { sourceIp: connection.sourceIp, userAgent: connection.userAgent },
      }),
    };
  if (request.body.length > websocketLimits.messageBytes)
    return {
      status: 413,
      headers: { 'x-amzn-errortype': 'PayloadTooLargeException' },
      body: '{"message":"Payload too large"}',
    };
  connection.socket.send(request.body.toString());
  connection.lastActiveAt = system.clock();
  return { status: 200 };
};
