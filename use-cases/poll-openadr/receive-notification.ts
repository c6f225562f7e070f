import type { OpenAdrCredentials } from '../ports/demand-response/openadr-connection.ts';
import type { PollFigures } from './poll-openadr.ts';

/** A request of a server to our callback address. */
export type CallbackRequest = {
  readonly method: string;
  /** Of the address, after its host. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};
export type CallbackReply = { readonly status: number; readonly text: string };

export type ReceivePorts = {
  readonly credentials: Pick<OpenAdrCredentials, 'of'>;
  /** Whether two secrets are the same, in a time that does not tell where they differ. */
  readonly isSame: (one: string, other: string) => boolean;
  readonly poll: (serverId: string) => Promise<PollFigures>;
};

const ID = /^\/([a-z\d][a-z\d-]{0,31})\/?$/;
/** A challenge is repeated to whoever sends it: plain characters only. */
const ECHO = /^[\w.~-]{1,256}$/;

/**
 * Answers a server at our callback address. A GET with `echo` is its question whether the address is ours (3.1.1); a POST is a
 * notification. That something changed is all we take from it: what did is fetched, so a forged notification tells nothing.
 */
export const receiveNotification =
  ({ credentials, isSame, poll }: ReceivePorts) =>
  async ({ method, path, query, headers }: CallbackRequest): Promise<CallbackReply> => {
    const [, serverId] = ID.exec(path) ?? [];
    if (serverId === undefined) return { status: 404, text: 'There is no such address' };
    if (method === 'GET') {
      const { echo } = query;
      return echo !== undefined && ECHO.test(echo)
        ? { status: 200, text: echo }
        : { status: 400, text: 'echo must have 1 to 256 characters of a-z, A-Z, 0-9, _ . ~ -' };
    }
    if (method !== 'POST') return { status: 405, text: 'POST a notification' };
    const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? '') ?? [];
    const credential = token === undefined ? undefined : await credentials.of(serverId);
    if (token === undefined || credential === undefined || !isSame(token, credential.callbackToken))
      return { status: 401, text: 'The bearer token is not the one of the subscription' };
    await poll(serverId);
    return { status: 200, text: '' };
  };
