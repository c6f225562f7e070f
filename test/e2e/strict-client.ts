import ocppRpc from 'ocpp-rpc';

const { RPCClient } = ocppRpc;

export type StrictClient = {
  readonly call: (action: string, payload: unknown) => Promise<Record<string, unknown>>;
  /** Answers a call of the CSMS. */
  readonly handle: (action: string, answer: (payload: Record<string, unknown>) => unknown) => void;
  readonly close: (abruptly?: boolean) => Promise<unknown>;
  /** Resolves when the other side has closed the socket. */
  readonly closed: Promise<unknown>;
  readonly isOpen: () => boolean;
  /** Everything the official schemas forbid, in either direction. */
  readonly violations: readonly string[];
};

export type Credentials = { readonly url: string; readonly stationId: string; readonly password?: string };

/** Connects a third-party OCPP client that checks every message against the official schemas. */
export const strictClient = async (
  { url, stationId, password }: Credentials,
  protocols: readonly string[],
  checked: readonly string[] = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
): Promise<StrictClient> => {
  const violations: string[] = [];
  const client = new RPCClient({
    endpoint: url,
    identity: stationId,
    password: password ?? null,
    protocols: [...protocols],
    strictMode: protocols.filter((protocol) => checked.includes(protocol)),
    reconnect: false,
    callTimeoutMs: 60_000,
  } as unknown as ConstructorParameters<typeof RPCClient>[0]);
  client.on('strictValidationFailure', ({ method, error }: { method: string; error: Error }) =>
    violations.push(`${method}: ${error.message}`),
  );
  client.on('badMessage', ({ error }: { error: Error }) => violations.push(`bad message: ${error.message}`));
  const closed = new Promise((resolve) => client.once('disconnect', resolve));
  await client.connect();
  return {
    call: async (action, payload) => Object(await client.call(action, payload)),
    handle: (action, answer) => client.handle(action, async ({ params }) => Object(await answer(Object(params)))),
    close: (abruptly = false) => client.close(abruptly ? { force: true } : { code: 1000 }),
    closed,
    isOpen: () => client.state === RPCClient.OPEN,
    violations,
  };
};
