import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Server as NetServer } from 'node:net';
import { LocalProblem } from '../local-problem.ts';

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};
export type HttpRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

/** An error an emulated service answers with: AWS's error code and the HTTP status that goes with it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const loopback = '127.0.0.1';
export const urlAt = (port: number): string => `http://${loopback}:${port}`;

/**
 * Listens on the loopback interface only; port 0 takes any free one. A port that is taken or forbidden is a LocalProblem
 * that names the flag which chooses another.
 */
export const listen = async (server: NetServer, port = 0, flag = ''): Promise<number> => {
  const listening = once(server, 'listening');
  server.listen(port, loopback);
  try {
    await listening;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new LocalProblem(`Port ${port} is taken`, `Stop what uses it, or choose another with ${flag}`);
    if (code === 'EACCES')
      throw new LocalProblem(`Port ${port} may not be opened`, `Choose one above 1023 with ${flag}`);
    throw error;
  }
  return (server.address() as AddressInfo).port;
};

/** Whether something listens on a port of the loopback interface. */
export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, loopback);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });

export const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/**
 * How long an idle connection is kept. Node's own 5 s end while the SDK believes that it may still use one: a request that is
 * tried once only, a command on its way to a charger, would be lost with it.
 */
export const KEEP_ALIVE_MS = 10 * 60_000;

/** DynamoDB Local ends a connection that rests for 30 s, and a request that crosses that end on its way is lost. */
const LONGEST_REST_MS = 10_000;

/** Keeps connections for the next request, and ends those that rest before the other side does. */
export const keepAliveAgent = (maxSockets = Infinity): Agent =>
  new Agent({ keepAlive: true, maxSockets, timeout: LONGEST_REST_MS });

/** An HTTP server whose errors become the JSON error answers the AWS SDK understands. */
export const httpServer = (answer: (request: HttpRequest) => Promise<Reply>): Server =>
  createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    const respond = (reply: Reply) => {
      outgoing.writeHead(reply.status, reply.headers);
      outgoing.end(reply.body);
    };
    bodyOf(incoming)
      .then((body) =>
        answer({
          method: incoming.method ?? 'GET',
          url: new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? loopback}`),
          headers: incoming.headers,
          body,
        }),
      )
      .then(respond, (error: unknown) => respond(errorReply(error)));
  });

const errorReply = (error: unknown): Reply => {
  const known = error instanceof ServiceError ? error : undefined;
  const code = known?.code ?? 'InternalServerError';
  return {
    status: known?.status ?? 500,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message: error instanceof Error ? error.message : String(error) }),
  };
};

export const jsonReply = (value: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(value),
});

/** Closes a server at once: waiting for idle keep-alive connections would hold up every shutdown. */
export const close = (server: Server | NetServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
