import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { frameSizes } from '../../../local/apigateway/frame-sizes.ts';
import { type WebsocketGateway, websocketGateway } from '../../../local/apigateway/websocket-gateway.ts';
import { frontDoor } from '../../../local/cloudfront/front-door.ts';
import { identityPresent } from '../../../local/cloudfront/viewer-request.ts';
import { close, listen } from '../../../local/http/http-server.ts';
import { InvocationFailed } from '../../../local/lambda/local-function.ts';
import { localSystem } from '../../../local/local-system.ts';

type Event = {
  readonly headers?: Record<string, string>;
  readonly requestContext: Record<string, unknown>;
  readonly body?: string;
};
type Handlers = Record<'authorize' | 'connect' | 'message' | 'disconnect', (event: Event) => unknown>;

const policy = (Effect: 'Allow' | 'Deny') => ({
  principalId: 'CP1',
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: '*' }] },
  context: { stationId: 'CP1', level: 2 },
});
const answering: Handlers = {
  authorize: () => policy('Allow'),
  connect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'ocpp1.6' } }),
  message: ({ body }) => ({ statusCode: 200, body: `echo ${body}` }),
  disconnect: () => ({ statusCode: 200 }),
};

let handlers: Handlers;
let events: [string, Event][];
let gateway: WebsocketGateway;
let port = 0;
let management = 0;
const sockets: WebSocket[] = [];

/** The path to a header, as the product's own CloudFront Function does; `/edge` is answered at the edge. */
const code = `function handler(event) {
  var request = event.request;
  if (request.uri === '/edge') return { statusCode: 404, statusDescription: 'Not Found' };
  request.headers['x-station'] = { value: request.uri.slice(1) };
  if (request.uri !== '/past-the-stage') request.uri = '/live';
  return request;
}`;
const domainName = 'api.execute-api.eu-west-1.amazonaws.com';

beforeAll(async () => {
  const door = frontDoor(
    {
      logicalId: 'Door',
      properties: {
        DistributionConfig: {
          Origins: [
            {
              Id: 'o',
              DomainName: domainName,
              OriginPath: '',
              OriginCustomHeaders: [{ HeaderName: 'x-edge', HeaderValue: 'ours' }],
            },
          ],
          DefaultCacheBehavior: {
            TargetOriginId: 'o',
            FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: 'f' }],
          },
          CacheBehaviors: [],
        },
      },
    },
    () => code,
    localSystem.uuid,
  );
  const target = (functionArn: keyof Handlers) => ({ functionArn, timeoutMs: 1_000 });
  gateway = websocketGateway(
    {
      apiId: 'api',
      stage: 'live',
      domainName,
      authorizer: { functionArn: 'authorize', identitySource: ['route.request.header.Authorization'] },
      connect: target('connect'),
      disconnect: target('disconnect'),
      message: { ...target('message'), answers: true },
    },
    {
      frontDoor: door,
      invoke: async (name, event) => {
        events.push([name, event as Event]);
        return handlers[name as keyof Handlers](event as Event);
      },
      account: { region: 'eu-west-1', accountId: '000000000000', stackName: 'demo' },
      system: localSystem,
    },
    { frameBytes: 1_000, messageBytes: 4_000, idleMs: 600_000, connectionMs: 7_200_000 },
  );
  port = await listen(gateway.server, 0, '--port');
  management = await listen(gateway.management, 0, '--port');
});
beforeEach(() => {
  handlers = { ...answering };
  events = [];
});
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  gateway.stop();
  await close(gateway.server);
  await close(gateway.management);
});

const open = (
  path = '/CP1',
  headers: Record<string, string> = { authorization: 'Basic x' },
  protocols = ['ocpp2.0.1', 'ocpp1.6'],
) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
  sockets.push(socket);
  return socket;
};
const opened = async (...args: Parameters<typeof open>) => {
  const socket = open(...args);
  await once(socket, 'open');
  return socket;
};
/** The HTTP status an upgrade is refused with. */
const refusedWith = async (...args: Parameters<typeof open>): Promise<number> => {
  const socket = open(...args);
  socket.on('error', () => undefined);
  const [, response] = await once(socket, 'unexpected-response');
  return response.statusCode;
};
const reply = async (socket: WebSocket, text: string): Promise<string> => {
  const answer = once(socket, 'message');
  socket.send(text);
  return String((await answer)[0]);
};
const names = () => events.map(([name]) => name);
const connectionId = () => String(events.find(([name]) => name === 'connect')?.[1].requestContext.connectionId);
const manage = (method: string, body?: string) =>
  fetch(`http://127.0.0.1:${management}/@connections/${encodeURIComponent(connectionId())}`, {
    method,
    ...(body && { body }),
  });

describe('opening a socket', () => {
  it('runs the front door, the authorizer and $connect, and echoes exactly the protocol $connect chose', async () => {
    const socket = await opened();
    const connect = events.find(([name]) => name === 'connect')?.[1];
    expect([socket.protocol, names()]).toEqual(['ocpp1.6', ['authorize', 'connect']]);
    expect(connect?.headers).toMatchObject({ 'X-Station': 'CP1', 'X-Edge': 'ours', Authorization: 'Basic x' });
    expect(connect?.requestContext.authorizer).toMatchObject({ principalId: 'CP1', stationId: 'CP1', level: '2' });
  });

  it('admits 16 at a time however many come at once, and all of them in the end', async () => {
    const waiting: (() => void)[] = [];
    let isOpen = false;
    handlers.authorize = async () => {
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      return policy('Allow');
    };
    const all = Array.from({ length: 60 }, () => opened());
    await vi.waitFor(() => expect(waiting.length).toBe(16), { timeout: 60_000 });
    await localSystem.sleep(200); // the others have arrived meanwhile
    expect(waiting.length).toBe(16);
    isOpen = true;
    for (const go of waiting) go();
    expect((await Promise.all(all)).length).toBe(60);
  });

  it('answers 401 without calling anyone when an identity source is missing', async () => {
    expect([await refusedWith('/CP1', {}), names()]).toEqual([401, []]);
  });

  it.each([
    ['route.request.header.X-Station', true],
    ['route.request.header.x-station', false],
    ['route.request.header.Other', false],
  ])(
    'finds the identity source %s: %s, because AWS does not say in which case header names arrive',
    (source, found) => {
      const request = { method: 'GET', uri: '/', query: {}, headers: { 'x-station': 'CP1' }, ip: '127.0.0.1' };
      expect(identityPresent(source, request)).toBe(found);
    },
  );

  it.each<[string, number, Partial<Handlers>]>([
    [
      'the authorizer throws Unauthorized',
      401,
      {
        authorize: () =>
          Promise.reject(new InvocationFailed('a', { name: 'Error', message: 'Unauthorized', stack: '' })),
      },
    ],
    ['the authorizer fails otherwise', 500, { authorize: () => Promise.reject(new Error('database is down')) }],
    ['the authorizer answers nonsense', 500, { authorize: () => ({ ok: true }) }],
    ['the policy denies', 403, { authorize: () => policy('Deny') }],
    ['$connect says so', 404, { connect: () => ({ statusCode: 404 }) }],
    ['$connect fails', 502, { connect: () => Promise.reject(new Error('no')) }],
  ])('refuses when %s (%i)', async (_why, status, changed) => {
    handlers = { ...answering, ...changed };
    expect(await refusedWith()).toBe(status);
  });

  it('lets the CloudFront function answer, and calls no Lambda then', async () => {
    expect([await refusedWith('/edge'), names()]).toEqual([404, []]);
  });

  it('answers 403 to a path that is not the stage', async () => {
    expect(await refusedWith('/past-the-stage')).toBe(403);
  });
});

describe('messages', () => {
  it('come back on the route, in order', async () => {
    const socket = await opened();
    expect([await reply(socket, '[2]'), await reply(socket, '[3]')]).toEqual(['echo [2]', 'echo [3]']);
  });

  it('without a body are not answered', async () => {
    handlers.message = ({ body }) => (body === 'quiet' ? { statusCode: 200 } : { statusCode: 200, body: 'heard' });
    const socket = await opened();
    socket.send('quiet');
    expect(await reply(socket, 'loud')).toBe('heard');
  });

  it('whose integration fails are answered with the error of API Gateway', async () => {
    handlers.message = () => Promise.reject(new Error('crash'));
    const socket = await opened();
    expect(JSON.parse(await reply(socket, '[2]'))).toEqual({
      message: 'Internal server error',
      connectionId: connectionId(),
      requestId: expect.any(String),
    });
  });

  it.each<[string, number, (socket: WebSocket) => void]>([
    ['a frame over the limit', 1009, (socket) => socket.send('x'.repeat(1_001))],
    [
      'a message over the limit in small frames',
      1009,
      (socket) => {
        for (let part = 0; part < 5; part += 1) socket.send('x'.repeat(1_000), { fin: part === 4 });
      },
    ],
    ['a binary message', 1003, (socket) => socket.send(Buffer.from('[2]'))],
  ])('%s closes the socket with %i', async (_what, expected, send) => {
    const socket = await opened();
    const closed = once(socket, 'close');
    send(socket);
    const [code] = await closed;
    expect([code, names().includes('message')]).toEqual([expected, false]);
  });

  it('takes a message in frames that are each within the limit', async () => {
    const socket = await opened();
    const answer = once(socket, 'message');
    socket.send('a'.repeat(800), { fin: false });
    socket.send('b'.repeat(800), { fin: true });
    expect(String((await answer)[0])).toHaveLength('echo '.length + 1_600);
  });
});

describe('@connections', () => {
  it('posts to a socket and tells about it', async () => {
    const socket = await opened();
    const message = once(socket, 'message');
    const posted = await manage('POST', 'hello');
    const told: unknown = await (await manage('GET')).json();
    expect([posted.status, String((await message)[0]), told]).toEqual([
      200,
      'hello',
      { connectedAt: expect.any(String), lastActiveAt: expect.any(String), identity: expect.any(Object) },
    ]);
  });

  it('closes a socket, calls $disconnect, and is 410 from then on', async () => {
    const told = new Promise<Event>((resolve) => {
      handlers.disconnect = resolve;
    });
    const socket = await opened();
    const closed = once(socket, 'close');
    const deleted = await manage('DELETE');
    await closed;
    const { requestContext } = await told;
    const again = await manage('POST', 'hello');
    expect([deleted.status, requestContext.eventType, requestContext.connectionId, again.status]).toEqual([
      204,
      'DISCONNECT',
      connectionId(),
      410,
    ]);
    expect(again.headers.get('x-amzn-errortype')).toBe('GoneException');
  });
});

describe('frameSizes', () => {
  it('reads the length of every frame, in whatever pieces the bytes arrive', () => {
    const frame = (length: number): Buffer => {
      const head =
        length < 126
          ? [length]
          : length < 65_536
            ? [126, length >> 8, length & 255]
            : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
      const [first = 0, ...rest] = head;
      return Buffer.concat([Buffer.from([0x81, 0x80 | first, ...rest, 1, 2, 3, 4]), Buffer.alloc(length)]);
    };
    const bytes = Buffer.concat([frame(5), frame(0), frame(300), frame(70_000), frame(1)]);
    const seen = [1, 7, 4_096, bytes.length].map((step) => {
      const sizes: number[] = [];
      const watch = frameSizes((size) => sizes.push(size));
      for (let at = 0; at < bytes.length; at += step) watch(bytes.subarray(at, at + step));
      return sizes;
    });
    expect(seen).toEqual(seen.map(() => [5, 0, 300, 70_000, 1]));
  });
});
