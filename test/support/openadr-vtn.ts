import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Thing = Readonly<Record<string, unknown>> & { readonly id: string };
export type VtnRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

const MOST = 50;
const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

/**
 * An OpenADR 3 server of the tests, over HTTP: client credentials (client `ven`, secret `let me in`), pages of at most 50,
 * programs, events, reports and subscriptions; with `hasEtags` what it has not changed is not sent again (If-None-Match), and
 * what somebody else changed is not replaced (If-Match).
 */
export const startVtn = async () => {
  const programs: Thing[] = [];
  const events: Thing[] = [];
  const reports: Thing[] = [];
  const subscriptions: Thing[] = [];
  const requests: VtnRequest[] = [];
  const statuses: number[] = [];
  const tokens = new Set<string>();
  const lists: Readonly<Record<string, Thing[]>> = { programs, events, reports, subscriptions };
  const state: { failsWith?: number; hangs?: boolean; hasEtags?: boolean; tokenLifeSec: number } = {
    tokenLifeSec: 300,
  };
  let count = 0;

  const answer = (response: ServerResponse, status: number, value?: unknown) => {
    const text = value === undefined ? '' : JSON.stringify(value);
    const isKnown = state.hasEtags && status === 200 && response.req.headers['if-none-match'] === etagOf(text);
    statuses.push(isKnown ? 304 : status);
    const etag = state.hasEtags ? { etag: etagOf(text) } : {};
    response.writeHead(isKnown ? 304 : status, { 'content-type': 'application/json', ...etag });
    response.end(isKnown ? '' : text);
  };

  const token = (form: URLSearchParams, response: ServerResponse) => {
    if (form.get('grant_type') !== 'client_credentials')
      return answer(response, 400, { error: 'unsupported_grant_type' });
    if (form.get('client_id') !== 'ven' || form.get('client_secret') !== 'let me in')
      return answer(response, 401, { error: 'invalid_client' });
    const text = `token-${++count}`;
    tokens.add(text);
    return answer(response, 200, { access_token: text, token_type: 'Bearer', expires_in: state.tokenLifeSec });
  };

  const page = (list: readonly Thing[], query: URLSearchParams) => {
    const [skip, limit] = [Number(query.get('skip') ?? 0), Number(query.get('limit') ?? MOST)];
    if (limit > MOST) return undefined;
    const programId = query.get('programID');
    const meant = list.filter(({ programID }) => programId === null || programID === programId);
    return meant.slice(skip, skip + limit);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://vtn');
    const method = request.method ?? 'GET';
    const text = await bodyOf(request);
    const body = request.headers['content-type']?.includes('json') ? JSON.parse(text) : undefined;
    requests.push({ method, path: url.pathname, query: Object.fromEntries(url.searchParams), body });
    if (state.hangs) return;
    if (state.failsWith !== undefined) return answer(response, state.failsWith, { title: 'Out of order' });
    if (url.pathname === '/auth/token') return token(new URLSearchParams(text), response);
    if (url.pathname === '/auth/server') return answer(response, 200, { tokenURL: `${address()}/auth/token` });
    if (!tokens.has((request.headers.authorization ?? '').replace('Bearer ', ''))) return answer(response, 401);
    const [, name = '', id] = url.pathname.split('/');
    const list = lists[name];
    if (list === undefined) return answer(response, 404);
    if (method === 'GET') {
      const found = page(list, url.searchParams);
      return found === undefined ? answer(response, 400, { title: 'limit is above 50' }) : answer(response, 200, found);
    }
    const stored = { ...body, id: id ?? `${name}-${list.length + 1}` };
    const index = list.findIndex((one) => one.id === stored.id);
    if (method === 'PUT' && index < 0) return answer(response, 404);
    const seen = request.headers['if-match'];
    if (seen !== undefined && seen !== etagOf(JSON.stringify(list[index]))) return answer(response, 412);
    if (index < 0) list.push(stored);
    else list[index] = stored;
    return answer(response, method === 'POST' ? 201 : 200, stored);
  };

  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: address(),
    programs,
    events,
    reports,
    subscriptions,
    requests,
    /** What it answered, in their order. */
    statuses,
    state,
    /** Refuses all tokens it gave. */
    forgetTokens: () => tokens.clear(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
