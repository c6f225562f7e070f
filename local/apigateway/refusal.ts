import type { Duplex } from 'node:stream';

/** What refuses an upgrade before or instead of $connect. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: string, headers: Readonly<Record<string, string>> = {}) {
    super(body);
    this.status = status;
    this.headers = headers;
  }
}

/** A refusal in API Gateway's own words. */
export const refusal = (status: number, message: string) =>
  new Refused(status, JSON.stringify({ message }), { 'content-type': 'application/json' });

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

/** Answers an upgrade request with an HTTP status instead, and closes the connection. */
export const refuse = (raw: Duplex, { status, message, headers }: Refused) => {
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(message)),
    connection: 'close',
  });
  raw.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Refused'}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${message}`,
  );
};
