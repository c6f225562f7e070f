import type { System } from '../../async/system.ts';
import type { OpenAdrCredentials } from '../ports/demand-response/openadr-connection.ts';
import type { OpenAdrStore } from '../ports/demand-response/openadr-store.ts';
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
  readonly servers: OpenAdrStore['servers'];
  readonly credentials: Pick<OpenAdrCredentials, 'of'>;
  /** Whether two secrets are the same, in a time that does not tell where they differ. */
  readonly isSame: (one: string, other: string) => boolean;
  readonly poll: (serverId: string) => Promise<PollFigures>;
  readonly clock: System['clock'];
};

/** A server is known to this address so long after it was configured at the latest. */
const FRESH_MS = 10_000;

const ID = /^\/([a-z\d][a-z\d-]{0,31})\/?$/;
/** A challenge is repeated to whoever sends it: plain characters only. */
const ECHO = /^[\w.~-]{1,256}$/;

/**
 * Answers a server at our callback address. A GET with `echo` is its question whether the address is ours (3.1.1); a POST is a
 * notification. That something changed is all we take from it: what did is fetched, so a forged notification tells nothing.
 * Credentials are asked for of servers there are only: anybody may call, and all of an account share 40 reads of parameters a second.
 */
export const receiveNotification = ({ servers, credentials, isSame, poll, clock }: ReceivePorts) => {
  let known: { readonly at: number; readonly ids: ReadonlySet<string> } | undefined;
  const isServer = async (id: string): Promise<boolean> => {
    const now = clock();
    if (known === undefined || now - known.at > FRESH_MS)
      known = { at: now, ids: new Set((await servers()).map(({ serverId }) => serverId)) };
    return known.ids.has(id);
  };
  return async ({ method, path, query, headers }: CallbackRequest): Promise<CallbackReply> => {
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
    const isAsked = token !== undefined && (await isServer(serverId));
    const credential = isAsked ? await credentials.of(serverId) : undefined;
    if (token === undefined || credential === undefined || !isSame(token, credential.callbackToken))
      return { status: 401, text: 'The bearer token is not the one of the subscription' };
    await poll(serverId);
    return { status: 200, text: '' };
  };
};
