import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectOpenAdr } from '../../../aws/openadr/connect-openadr.ts';
import { openAdrStore } from '../../../aws/openadr/openadr-store.ts';
import { readOpenAdrEvent } from '../../../domain/demand-response/openadr/openadr-event.ts';
import { readOpenAdrServer } from '../../../domain/demand-response/openadr/openadr-server.ts';
import { OpenAdrUnanswered } from '../../../use-cases/ports/demand-response/openadr-connection.ts';
import type { KnownEvent, OpenAdrStore } from '../../../use-cases/ports/demand-response/openadr-store.ts';
import { fakeOpenAdrStore } from '../../fakes/openadr.ts';
import { createTable, localClient, localDocuments } from '../../support/dynamodb-local.ts';
import { startVtn } from '../../support/openadr-vtn.ts';

const serverAt = (url: string, fields: object = {}) =>
  readOpenAdrServer({
    serverId: 'utility',
    url,
    version: '3.1',
    programs: [{ program: 'p', places: [{ zoneId: 'north' }] }],
    ...fields,
  });
const credential = { clientId: 'ven', clientSecret: 'let me in', callbackToken: 'token' };

const endless = () =>
  new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(100_000).fill(32)) });

describe('a session with an OpenADR server', () => {
  let vtn: Awaited<ReturnType<typeof startVtn>>;
  const clock = { now: 0 };
  beforeEach(async () => {
    vtn = await startVtn();
  });
  afterEach(() => vtn.stop());

  const connect = (fields: object = {}, secret = credential) =>
    connectOpenAdr({ clock: () => clock.now })(serverAt(vtn.url, fields), secret);
  /** A session with a server that gives tokens, and answers all else like this. */
  const answering = (answer: () => Response) =>
    connectOpenAdr({ clock: () => clock.now }, async (url) =>
      String(url).endsWith('/auth/token') ? Response.json({ access_token: 'token' }) : answer(),
    )(serverAt(vtn.url, { version: '3.0' }), credential);
  const paths = (): string[] => vtn.requests.map(({ method, path }) => `${method} ${path}`);

  it('asks the server where tokens are (3.1), and gets one for as long as it holds', async () => {
    const connector = connectOpenAdr({ clock: () => clock.now });
    const look = () => connector(serverAt(vtn.url), credential).programs();
    await look();
    await look();
    expect(paths()).toEqual(['GET /auth/server', 'POST /auth/token', 'GET /programs', 'GET /programs']);
    clock.now += 280_000;
    await look();
    expect(paths().slice(4)).toEqual(['GET /auth/server', 'POST /auth/token', 'GET /programs']);
  });

  it('knows where tokens are in 3.0, where events have no active', async () => {
    vtn.events.push({ id: 'e1', programID: 'p' });
    expect(await connect({ version: '3.0' }).events('p')).toEqual([{ id: 'e1', programID: 'p' }]);
    expect(vtn.requests.map(({ path, query }) => ({ path, query }))).toEqual([
      { path: '/auth/token', query: {} },
      { path: '/events', query: { programID: 'p', skip: '0', limit: '50' } },
    ]);
  });

  it('gets a new token once when the one it has is refused', async () => {
    const connection = connect();
    await connection.programs();
    vtn.forgetTokens();
    expect(await connection.programs()).toEqual([]);
  });

  it('fetches every page of active events', async () => {
    vtn.events.push(...Array.from({ length: 120 }, (_, index) => ({ id: `e${index}`, programID: 'p' })));
    expect(await connect().events('p')).toHaveLength(120);
    expect(
      vtn.requests.filter(({ path }) => path === '/events').map(({ query }) => [query.skip, query.active]),
    ).toEqual([
      ['0', 'true'],
      ['49', 'true'],
      ['98', 'true'],
    ]);
  });

  const sixty = Array.from({ length: 60 }, (_, index) => ({ id: `e${index}`, programID: 'p' }));
  /** A server with sixty events, of which the first so many go before it answers the next request. */
  const losing = (gone: (request: number) => number) => {
    const events = [...sixty];
    let requests = 0;
    const send: typeof fetch = async (url) => {
      const { pathname, searchParams } = new URL(String(url));
      if (pathname.endsWith('/auth/token')) return Response.json({ access_token: 'token' });
      const skip = Number(searchParams.get('skip'));
      const page = events.slice(skip, skip + Number(searchParams.get('limit')));
      events.splice(0, gone(requests++));
      return Response.json(page);
    };
    return connectOpenAdr({ clock: () => clock.now }, send)(serverAt(vtn.url, { version: '3.0' }), credential);
  };

  it.each([1, 11])('leaves out none of those that stay when %i go from the list while it is read', async (count) => {
    const events = await losing((request) => (request === 0 ? count : 0)).events('p');
    expect(events).toEqual(sixty.slice(count));
  });

  it('does not take a list for an answer that becomes shorter each time it is read', async () => {
    await expect(losing(() => 1).events('p')).rejects.toThrow('GET /events changed each time it was read');
  });

  it('takes a server at its word that sends all there is whatever page it is asked for', async () => {
    const events = Array.from({ length: 70 }, (_, index) => ({ id: `e${index}`, programID: 'p' }));
    const connection = answering(() => Response.json(events));
    expect(await connection.events('p')).toEqual(events);
  });

  it('asks a server no more that has taken twenty seconds', async () => {
    const connection = answering(() => {
      clock.now += 7_000;
      return Response.json([]);
    });
    for (let call = 0; call < 3; call++) await connection.programs();
    await expect(connection.programs()).rejects.toThrow(/taken 20 s already/);
  });

  it.each([
    ['no JSON', () => new Response('{"id":', { headers: { 'content-type': 'application/json' } }), /JSON/],
    ['a page for people', () => new Response('<p>', { headers: { 'content-type': 'text/html' } }), /no list/],
    ['no list', () => Response.json({ events: [] }), /no list/],
    ['nothing', () => new Response(null, { status: 204 }), /no list/],
    ['a text without an end', () => new Response(endless(), { headers: { 'content-type': 'text/json' } }), /more than/],
  ])('says so where a server answers %s', async (_, answer, says) => {
    const error = await answering(answer)
      .events('p')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAdrUnanswered);
    expect(String(error)).toMatch(says);
  });

  it('sends a report, and replaces it under its id', async () => {
    const connection = connect();
    const reportId = await connection.report({ eventID: 'e1', clientName: 'us' });
    expect(await connection.report({ eventID: 'e1', clientName: 'we' }, reportId)).toBe(reportId);
    expect(vtn.reports).toEqual([{ id: reportId, eventID: 'e1', clientName: 'we' }]);
  });

  it('is not sent again what it has', async () => {
    vtn.state.hasEtags = true;
    vtn.events.push({ id: 'e1', programID: 'p' });
    const connection = connect();
    const first = await connection.events('p');
    expect(await connection.events('p')).toEqual(first);
    vtn.events.push({ id: 'e2', programID: 'p' });
    expect(await connection.events('p')).toHaveLength(2);
    expect(vtn.statuses.slice(2)).toEqual([200, 304, 200]);
  });

  it('replaces its report although somebody else did meanwhile', async () => {
    vtn.state.hasEtags = true;
    const connection = connect();
    const reportId = await connection.report({ eventID: 'e1', clientName: 'us' });
    await connection.report({ eventID: 'e1', clientName: 'us', resources: [] }, reportId);
    vtn.reports[0] = { id: reportId, eventID: 'e1', clientName: 'they' };
    await connection.report({ eventID: 'e1', clientName: 'we' }, reportId);
    expect(vtn.reports).toEqual([{ id: reportId, eventID: 'e1', clientName: 'we' }]);
    expect(vtn.statuses.slice(2)).toEqual([201, 200, 412, 200]);
  });

  it('sends a report anew that the server no longer has', async () => {
    const connection = connect();
    expect(await connection.report({ eventID: 'e1' }, 'gone')).toBe('reports-1');
    expect(vtn.reports).toEqual([{ id: 'reports-1', eventID: 'e1' }]);
  });

  it('subscribes once, and replaces the subscription that has its address', async () => {
    const connection = connect();
    await connection.subscribe('p', 'https://ours/utility', 'first');
    await connection.subscribe('p', 'https://ours/utility', 'second');
    expect(vtn.subscriptions).toEqual([
      {
        id: 'subscriptions-1',
        objectType: 'SUBSCRIPTION',
        clientName: 'wattstream',
        programID: 'p',
        objectOperations: [
          {
            objects: ['EVENT'],
            operations: ['CREATE', 'UPDATE', 'DELETE'],
            callbackUrl: 'https://ours/utility',
            bearerToken: 'second',
          },
        ],
      },
    ]);
  });

  it.each([
    ['a server that fails', { failsWith: 503 }, credential, /answered 503 Out of order/],
    ['a credential that is refused', {}, { ...credential, clientSecret: 'hush' }, /answered 401 invalid_client/],
  ])('says what %s answered, and no secret', async (_, state, secret, says) => {
    const connection = connect({ version: '3.0' }, secret);
    Object.assign(vtn.state, state);
    const error = await connection.programs().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAdrUnanswered);
    expect(String(error)).toMatch(says);
    expect(String(error)).not.toContain(secret.clientSecret);
  });

  it('gives up on a server that never answers', async () => {
    vtn.state.hangs = true;
    await expect(connect({ version: '3.0' }).programs()).rejects.toThrow(OpenAdrUnanswered);
  });

  it('says so where nobody listens', async () => {
    const connection = connectOpenAdr({ clock: () => 0 })(serverAt('http://127.0.0.1:9'), credential);
    await expect(connection.programs()).rejects.toThrow(OpenAdrUnanswered);
  });
});

const inDynamo = async () => {
  const endpoint = inject('dynamodbEndpoint');
  return openAdrStore(await createTable(localClient(endpoint), 'grid'), localDocuments(endpoint));
};

describe.each([
  ['in memory', async () => fakeOpenAdrStore()],
  ['in DynamoDB', inDynamo],
])('a store of OpenADR %s', (_, open) => {
  let store: OpenAdrStore;
  beforeAll(async () => {
    store = await open();
  });

  it('keeps servers until they are removed', async () => {
    const server = serverAt('https://vtn');
    await store.putServer(server);
    await store.putServer({ ...server, serverId: 'second' });
    await store.removeServer('second');
    expect(await store.servers()).toEqual([server]);
  });

  it('keeps how the last look went', async () => {
    expect(await store.state('utility')).toBeUndefined();
    const state = { serverId: 'utility', answeredAt: 5, problem: 'none', unreadable: ['a'] };
    await store.putState(state);
    expect(await store.state('utility')).toEqual(state);
  });

  it('keeps the events of each server apart', async () => {
    const event = readOpenAdrEvent({ id: 'e1', programID: 'p', modificationDateTime: '2026-07-01T10:00:00Z' });
    const known: KnownEvent = {
      serverId: 'utility',
      event,
      program: 'p',
      seenAt: 7,
      settled: ['s'],
      submitted: ['s'],
      refusals: [],
    };
    const other = { ...known, serverId: 'utility-2' };
    await store.putEvent(known);
    await store.putEvent(other);
    expect(await store.events('utility')).toEqual([known]);
    await store.removeEvent(known);
    expect(await store.events('utility')).toEqual([]);
    expect(await store.events('utility-2')).toEqual([other]);
  });

  it('keeps what sites were told', async () => {
    const told = { siteId: 'depot', limitW: 5, tiers: [{ from: 1, to: 2, tier: 'A' }] };
    await store.putSite(told);
    expect(await store.sites()).toEqual([told]);
  });
});
