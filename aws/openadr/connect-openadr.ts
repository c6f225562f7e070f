import { boundedCache } from '../../async/bounded-cache.ts';
import type { System } from '../../async/system.ts';
import type { OpenAdrServer } from '../../domain/demand-response/openadr/openadr-server.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import {
  type OpenAdrConnect,
  type OpenAdrConnection,
  type OpenAdrCredential,
  OpenAdrUnanswered,
} from '../../use-cases/ports/demand-response/openadr-connection.ts';

/** One call, from the request to the last byte of the answer. */
const CALL_MS = 8_000;
/** All calls of one look at a server: a slow one takes no time from the others, nor from what is known already. */
const LOOK_MS = 20_000;
/** The most a server may send on a page in OpenADR 3. */
const PAGE = 50;
/** More pages would be no list of current events. */
const MOST_PAGES = 20;
/** A list from which objects go while it is read is read anew, so often at most. */
const MOST_READINGS = 3;
const MOST_BYTES = 2_000_000;
/** A token is renewed so long before it ends. */
const EARLY_MS = 30_000;
const USUAL_TOKEN_SEC = 300;

/** Answers that are kept with their ETag (RFC 9110): a server that has nothing new says so instead of sending it again. */
const MOST_KEPT = 200;

type Token = { readonly text: string; readonly endsAt: number };
type Call = { readonly method?: string; readonly body?: object };
type Kept = { readonly etag: string; readonly value: unknown };
type Answer = { readonly status: number; readonly value: unknown; readonly etag?: string };

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** What tells an object of a list from the others. */
const keyOf = (item: unknown): unknown => fieldOf(item, 'id') ?? JSON.stringify(item);

const listOf = (value: unknown, path: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new OpenAdrUnanswered(`GET ${path} answered no list`);
};

/** What a server says of a failure (RFC 7807 or OAuth), cut short. */
const saidIn = (value: unknown): string =>
  [fieldOf(value, 'title'), fieldOf(value, 'detail'), fieldOf(value, 'error')]
    .filter((text) => typeof text === 'string')
    .join(': ')
    .slice(0, 300);

/** The text of an answer. One that is too long is not read to its end. */
const textOf = async (response: Response, what: string): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new OpenAdrUnanswered(`${what} answered more than ${MOST_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

/**
 * Sessions with OpenADR 3 servers over HTTPS: OAuth2 client credentials, pages, time-outs. A token is kept as long as it
 * holds, and got anew once when it is refused. What a server marks with an ETag is asked for only if it changed, and replaced
 * only as it was seen last. Redirects are not followed: what is sent has the token in it.
 */
export const connectOpenAdr = ({ clock }: Pick<System, 'clock'>, send: typeof fetch = fetch): OpenAdrConnect => {
  const tokens = new Map<string, Token>();
  const answers = boundedCache<string, Kept>(MOST_KEPT);

  const json = async (what: string, url: string, init: RequestInit): Promise<Answer> => {
    try {
      const response = await send(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(CALL_MS) });
      const text = await textOf(response, what);
      const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        value: isJson && text !== '' ? JSON.parse(text) : undefined,
        ...omitUndefined({ etag: response.headers.get('etag') ?? undefined }),
      };
    } catch (error) {
      if (error instanceof OpenAdrUnanswered) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      throw new OpenAdrUnanswered(`${what}: ${error instanceof Error ? error.message : String(error)}${cause}`, {
        cause: error,
      });
    }
  };

  /** 3.1 tells where tokens are; a token endpoint on another host must be https as well. */
  const tokenUrlOf = async ({ url, version, tokenUrl }: OpenAdrServer): Promise<string> => {
    if (tokenUrl !== undefined) return tokenUrl;
    if (version === '3.0') return `${url}/auth/token`;
    const { value } = await json('GET /auth/server', `${url}/auth/server`, {});
    const told = fieldOf(value, 'tokenURL');
    if (typeof told !== 'string' || (!told.startsWith('https://') && !url.startsWith('http://')))
      throw new OpenAdrUnanswered('GET /auth/server names no https tokenURL');
    return told;
  };

  const newToken = async (server: OpenAdrServer, { clientId, clientSecret }: OpenAdrCredential): Promise<Token> => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      ...(server.scope !== undefined && { scope: server.scope }),
    });
    const { status, value } = await json('The token endpoint', await tokenUrlOf(server), {
      method: 'POST',
      body: form,
    });
    const text = fieldOf(value, 'access_token');
    if (status !== 200 || typeof text !== 'string')
      throw new OpenAdrUnanswered(`The token endpoint answered ${status} ${saidIn(value)}`.trim());
    const seconds = Number(fieldOf(value, 'expires_in'));
    const lifeSec = Number.isFinite(seconds) && seconds > 0 ? seconds : USUAL_TOKEN_SEC;
    return { text, endsAt: clock() + lifeSec * 1_000 - EARLY_MS };
  };

  return (server, credential): OpenAdrConnection => {
    const { serverId, url, version, clientName } = server;
    const endsAt = clock() + LOOK_MS;
    const key = `${serverId} ${url} ${credential.clientId}`;

    const token = async (): Promise<string> => {
      const known = tokens.get(key);
      if (known !== undefined && known.endsAt > clock()) return known.text;
      const next = await newToken(server, credential);
      tokens.set(key, next);
      return next.text;
    };

    /** 'If-None-Match' for what is read, 'If-Match' for what is replaced, where an ETag is known. */
    const conditionOf = (method: string, known: Kept | undefined): Readonly<Record<string, string>> => {
      if (known === undefined || method === 'POST') return {};
      return method === 'GET' ? { 'if-none-match': known.etag } : { 'if-match': known.etag };
    };

    /** What the server answered; undefined where what was to be replaced is not there any more. */
    const call = async (path: string, { method = 'GET', body }: Call = {}, isAgain = false): Promise<unknown> => {
      const what = `${method} ${path}`;
      if (clock() >= endsAt) throw new OpenAdrUnanswered(`${what}: the server has taken ${LOOK_MS / 1_000} s already`);
      const place = `${key} ${path}`;
      const known = answers.get(place);
      const { status, value, etag } = await json(what, `${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await token()}`,
          accept: 'application/json',
          ...conditionOf(method, known),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (status === 304 && known !== undefined) return known.value;
      answers.delete(place);
      if (status === 401 && !isAgain) {
        tokens.delete(key);
        return call(path, { method, ...(body && { body }) }, true);
      }
      // Somebody else changed what only we write: what we say now is newer.
      if (status === 412 && !isAgain) return call(path, { method, ...(body && { body }) }, true);
      if (status === 404 && method === 'PUT') return undefined;
      if (etag !== undefined && status >= 200 && status <= 299 && method !== 'POST')
        answers.set(place, { etag, value });
      if (status < 200 || status > 299)
        throw new OpenAdrUnanswered(`${what} answered ${status} ${saidIn(value)}`.trim());
      return value;
    };

    /** Every page; undefined where objects went from the list meanwhile, so that others may have been passed over. */
    const pagesOnce = async (
      path: string,
      query: Readonly<Record<string, string>>,
    ): Promise<readonly unknown[] | undefined> => {
      const found = new Map<unknown, unknown>();
      for (let page = 0; page < MOST_PAGES; page++) {
        // A page begins with the last object of the one before: it is there unless the list has become shorter.
        const search = new URLSearchParams({ ...query, skip: String(page * (PAGE - 1)), limit: String(PAGE) });
        const items = listOf(await call(`${path}?${search}`), path);
        if (page > 0 && !(items.length > 0 && found.has(keyOf(items[0])))) return undefined;
        const before = found.size;
        for (const item of items) found.set(keyOf(item), item);
        // A server that knows no pages sends all there is each time.
        if (items.length < PAGE || found.size === before) return [...found.values()];
      }
      throw new OpenAdrUnanswered(`GET ${path} has more than ${MOST_PAGES} pages`);
    };

    /** Every page. A list that changes while it is read may have an object twice, never one too few of those that stay. */
    const pages = async (path: string, query: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
      for (let reading = 0; reading < MOST_READINGS; reading++) {
        const found = await pagesOnce(path, query);
        if (found !== undefined) return found;
      }
      throw new OpenAdrUnanswered(`GET ${path} changed each time it was read`);
    };

    const idIn = (value: unknown, what: string): string => {
      const id = fieldOf(value, 'id');
      if (typeof id === 'string') return id;
      throw new OpenAdrUnanswered(`${what} answered no id`);
    };

    return {
      programs: () => pages('/programs', {}),
      events: (programID) => pages('/events', { programID, ...(version === '3.1' && { active: 'true' }) }),
      report: async (report, reportId) => {
        const known =
          reportId === undefined
            ? undefined
            : await call(`/reports/${encodeURIComponent(reportId)}`, { method: 'PUT', body: report });
        return idIn(known ?? (await call('/reports', { method: 'POST', body: report })), '/reports');
      },
      subscribe: async (programID, callbackUrl, bearerToken) => {
        const operations = version === '3.0' ? ['POST', 'PUT', 'DELETE'] : ['CREATE', 'UPDATE', 'DELETE'];
        const objectOperations = [{ objects: ['EVENT'], operations, callbackUrl, bearerToken }];
        const body = { objectType: 'SUBSCRIPTION', clientName, programID, objectOperations };
        const known = await pages('/subscriptions', { programID, clientName });
        const isOurs = (subscription: unknown): boolean =>
          JSON.stringify(fieldOf(subscription, 'objectOperations') ?? '').includes(JSON.stringify(callbackUrl));
        // Its token may be an older one: it is replaced, not added to.
        const ours = known.find(isOurs);
        if (ours === undefined) await call('/subscriptions', { method: 'POST', body });
        else await call(`/subscriptions/${encodeURIComponent(idIn(ours, '/subscriptions'))}`, { method: 'PUT', body });
      },
    };
  };
};
