import { RPCServer } from 'ocpp-rpc';

export type Heard = { readonly stationId: string; readonly action: string; readonly params: Record<string, unknown> };
type Client = {
  readonly identity: string;
  handle: (handler: (call: { method: string; params: Record<string, unknown> }) => unknown) => void;
  call: (action: string, params: unknown) => Promise<Record<string, unknown>>;
  close: (options: { force?: boolean }) => Promise<unknown>;
};

export type StubCsms = {
  readonly url: string;
  readonly heard: Heard[];
  readonly problems: string[];
  readonly client: (stationId: string) => Client | undefined;
  readonly close: () => Promise<void>;
};

/** What the stub answers to an action; an override may throw, or never resolve. */
export type Answers = Readonly<Record<string, (heard: Heard) => unknown>>;

/** A strict third-party CSMS in this process: it refuses every message the official schemas forbid, and remembers all of them. */
export const stubCsms = async (answers: Answers = {}): Promise<StubCsms> => {
  const heard: Heard[] = [];
  const problems: string[] = [];
  const clients = new Map<string, Client>();
  let transactions = 0;
  const usual: Answers = {
    Authorize: ({ params }) =>
      'idTag' in params ? { idTagInfo: { status: 'Accepted' } } : { idTokenInfo: { status: 'Accepted' } },
    BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 540 }),
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    StartTransaction: () => ({ transactionId: ++transactions, idTagInfo: { status: 'Accepted' } }),
    TransactionEvent: ({ params }) => ('idToken' in params ? { idTokenInfo: { status: 'Accepted' } } : {}),
  };
  const server = new RPCServer({ protocols: ['ocpp2.0.1', 'ocpp1.6'], strictMode: true });
  server.auth((accept) => accept());
  server.on(
    'client',
    (client: Client & { on: (event: string, run: (failure: { error: Error; method: string }) => void) => void }) => {
      clients.set(client.identity, client);
      client.on('strictValidationFailure', ({ method, error }) => problems.push(`${method}: ${error.message}`));
      client.handle(({ method, params }) => {
        const said = { stationId: client.identity, action: method, params };
        heard.push(said);
        const answer = answers[method] ?? usual[method];
        return answer ? answer(said) : {};
      });
    },
  );
  const http = await server.listen(0, '127.0.0.1');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The stub CSMS has no port');
  return {
    url: `ws://127.0.0.1:${address.port}/ocpp`,
    heard,
    problems,
    client: (stationId) => clients.get(stationId),
    close: () => server.close({ force: true }),
  };
};
