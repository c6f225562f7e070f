import ocppRpc from 'ocpp-rpc';
import type { Payload } from '../../../ocpp/payload.ts';
import { CallFailed } from './call-failed.ts';
import type { Call } from './message-queue.ts';
import { reconnection } from './reconnection.ts';
import { CALL_TIMEOUT_MS, replyText, type Transport } from './transport.ts';

// A CommonJS package that spreads these into its exports: Node sees them on the default import only.
const { NOREPLY, RPCClient, RPCError, TimeoutError } = ocppRpc;

const isPayload = (value: unknown): value is Payload => typeof value === 'object' && value !== null;

/**
 * A station's WebSocket to its CSMS, kept up until it is closed on purpose. The OCPP-J layer is the third-party client
 * `ocpp-rpc`; its own reconnecting is off because a charger decides itself when to come back.
 */
export const webSocket: Transport = (options) => {
  const { traffic, stationId, clock } = options;
  const client = new RPCClient({
    endpoint: options.url,
    identity: stationId,
    password: options.password,
    protocols: [options.protocol],
    strictMode: options.strict,
    reconnect: false,
    callTimeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS,
    pingIntervalMs: 120_000,
    deferPingsOnActivity: true,
    callConcurrency: 1,
  } as ConstructorParameters<typeof RPCClient>[0]);

  const handle = client.handle.bind(client) as (
    handler: (call: { method: string; params: Payload; messageId: string }) => unknown,
  ) => void;
  handle(async ({ method, params, messageId }) => {
    traffic.commanded(method);
    const reply = await options.commanded(method, params);
    // Results go through the client, which checks them; whatever else a station may say is put on the wire as it is.
    if (reply.kind === 'result') return reply.payload;
    const text = replyText(messageId, reply);
    if (text !== undefined && client.state === RPCClient.OPEN) client.sendRaw(text);
    return NOREPLY;
  });

  const keeper = reconnection(options, async () => {
    if (client.state === RPCClient.OPEN) return;
    await client.connect();
    if (!keeper.isWanted()) return void client.close({ code: 1000 });
    options.opened();
  });
  client.on('disconnect', () => {
    options.closed();
    keeper.lost();
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
    open: keeper.open,
    close: async (abruptly) => {
      keeper.close();
      await client.close(abruptly ? { force: true } : { code: 1000 });
    },
    call,
    isOpen: () => client.state === RPCClient.OPEN,
  };
};
