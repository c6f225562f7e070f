import ocppRpc from 'ocpp-rpc';
import { backoffMs } from '../../../async/retry.ts';
import type { Payload } from '../../../ocpp/payload.ts';
import type { Clock } from '../../clock.ts';
import type { Traffic } from '../../traffic.ts';
import { CallFailed } from './call-failed.ts';
import type { Call } from './message-queue.ts';

// A CommonJS package that spreads these into its exports: Node sees them on the default import only.
const { RPCClient, RPCError, TimeoutError } = ocppRpc;

export type ConnectionOptions = {
  /** Without the station id: `ws://host:port/ocpp`. */
  readonly url: string;
  readonly stationId: string;
  readonly password: string;
  readonly protocol: 'ocpp1.6' | 'ocpp2.0.1';
  /** Validate every message, both ways, against the official schemas. */
  readonly strict: boolean;
  readonly traffic: Traffic;
  readonly callTimeoutMs?: number;
  readonly clock: Clock;
  /** A CALL of the CSMS. Throws an RPCError to answer with CALLERROR. */
  readonly commanded: (action: string, payload: Payload) => Payload | Promise<Payload>;
  readonly opened: () => void;
  readonly closed: () => void;
  /** Failed attempts to connect, for the log. */
  readonly failed: (error: Error) => void;
  /** Uniform in [0, 1): jitter of the reconnect back-off. */
  readonly jitter: () => number;
};

export type Connection = {
  readonly open: () => void;
  /** Closes and stays closed. Abruptly: no closing handshake, as when the mobile network goes. */
  readonly close: (abruptly: boolean) => Promise<void>;
  readonly call: Call;
  readonly isOpen: () => boolean;
};

const isPayload = (value: unknown): value is Payload => typeof value === 'object' && value !== null;

/** A fleet that lost its CSMS must not come back all at once, nor a single charger without any pause. */
const SHORTEST_WAIT_MS = 500;
const BACKOFF = { firstMs: 1000, longestMs: 60_000 };

/**
 * A station's WebSocket to its CSMS, kept up until it is closed on purpose. The OCPP-J layer is the third-party client
 * `ocpp-rpc`; its own reconnecting is off because a charger decides itself when to come back.
 */
export const connection = (options: ConnectionOptions): Connection => {
  const { traffic, stationId, clock } = options;
  let wanted = false;
  let connecting = false;
  let failures = 0;
  let cancelReconnect: (() => void) | undefined;
  const client = new RPCClient({
    endpoint: options.url,
    identity: stationId,
    password: options.password,
    protocols: [options.protocol],
    strictMode: options.strict,
    reconnect: false,
    callTimeoutMs: options.callTimeoutMs ?? 30_000,
    pingIntervalMs: 120_000,
    deferPingsOnActivity: true,
    callConcurrency: 1,
  } as ConstructorParameters<typeof RPCClient>[0]);

  const handle = client.handle.bind(client) as (
    handler: (call: { method: string; params: Payload }) => unknown,
  ) => void;
  handle(({ method, params }) => {
    traffic.commanded(method);
    return options.commanded(method, params);
  });

  const connectLater = () => {
    const waitMs = SHORTEST_WAIT_MS + backoffMs(failures + 1, BACKOFF, options.jitter);
    cancelReconnect = clock.after(waitMs, connect);
  };
  const connect = () => {
    cancelReconnect?.();
    cancelReconnect = undefined;
    if (connecting || client.state === RPCClient.OPEN) return;
    connecting = true;
    client.connect().then(
      () => {
        connecting = false;
        failures = 0;
        if (!wanted) return void client.close({ code: 1000 });
        options.opened();
      },
      (error: unknown) => {
        connecting = false;
        options.failed(error instanceof Error ? error : new Error(String(error)));
        failures++;
        if (wanted) connectLater();
      },
    );
  };
  client.on('disconnect', () => {
    options.closed();
    if (wanted && !cancelReconnect) connectLater();
  });

  const call: Call = async (action, payload) => {
    const startedAt = clock.elapsedMs();
    traffic.sent();
    try {
      const answer = await client.call(action, payload);
      if (!isPayload(answer)) throw new CallFailed('refused', 'NotAnObject');
      traffic.answered(clock.elapsedMs() - startedAt);
      return answer;
    } catch (error) {
      if (error instanceof TimeoutError) {
        traffic.timedOut(action);
        throw new CallFailed('timeout', action, { cause: error });
      }
      if (error instanceof RPCError || error instanceof CallFailed) {
        const code = error instanceof RPCError ? error.rpcErrorCode : error.code;
        traffic.refused(action, code);
        throw new CallFailed('refused', code, { cause: error });
      }
      traffic.cut();
      throw new CallFailed('cut', action, { cause: error });
    }
  };

  return {
    open: () => {
      wanted = true;
      connect();
    },
    close: async (abruptly) => {
      wanted = false;
      cancelReconnect?.();
      cancelReconnect = undefined;
      await client.close(abruptly ? { force: true } : { code: 1000 });
    },
    call,
    isOpen: () => client.state === RPCClient.OPEN,
  };
};
