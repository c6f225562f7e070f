import { isPayload, type Payload } from '../../../ocpp/payload.ts';
import { CallFailed } from './call-failed.ts';
import type { Call } from './message-queue.ts';
import { CALL_TIMEOUT_MS, type ConnectionOptions, replyText } from './transport.ts';

/** One end of an OCPP-J conversation, over a line that carries texts. */
export type RpcEndpoint = {
  readonly call: Call;
  /** A text came. */
  readonly received: (text: string) => void;
  /** The line is lost: nothing that is outstanding will be answered. */
  readonly lost: () => void;
};

type Outstanding = { readonly resolve: (answer: Payload) => void; readonly reject: (error: CallFailed) => void };

/** What a text says; undefined for one that is no OCPP-J message. */
const messageOf = (text: string): readonly unknown[] | undefined => {
  try {
    const message: unknown = JSON.parse(text);
    return Array.isArray(message) ? message : undefined;
  } catch {
    return undefined;
  }
};

/** The charger's end. Calls are counted by `traffic` and given up after their time-out; texts that are no message are dropped. */
export const rpcEndpoint = (
  { stationId, clock, traffic, commanded, callTimeoutMs = CALL_TIMEOUT_MS }: ConnectionOptions,
  send: (text: string) => boolean,
): RpcEndpoint => {
  const outstanding = new Map<string, Outstanding>();
  let calls = 0;

  const call: Call = (action, payload) => {
    const messageId = `${stationId}-${calls++}`;
    const startedAt = clock.elapsedMs();
    traffic.sent();
    return new Promise((resolve, reject) => {
      const cancel = clock.after(callTimeoutMs, () => {
        traffic.timedOut(action);
        outstanding.get(messageId)?.reject(new CallFailed('timeout', action));
      });
      const settled = () => {
        cancel();
        outstanding.delete(messageId);
      };
      outstanding.set(messageId, {
        resolve: (answer) => {
          settled();
          traffic.answered(clock.elapsedMs() - startedAt);
          resolve(answer);
        },
        reject: (error) => {
          settled();
          if (error.how === 'cut') traffic.cut();
          if (error.how === 'refused') traffic.refused(action, error.code);
          reject(error);
        },
      });
      if (!send(JSON.stringify([2, messageId, action, payload])))
        outstanding.get(messageId)?.reject(new CallFailed('cut', action));
    });
  };

  const answer = async (messageId: string, action: string, payload: Payload) => {
    traffic.commanded(action);
    const text = replyText(messageId, await commanded(action, payload));
    if (text !== undefined) send(text);
  };

  return {
    call,
    received: (text) => {
      const [type, messageId, third, fourth] = messageOf(text) ?? [];
      const waiting = outstanding.get(String(messageId));
      if (type === 2 && typeof third === 'string' && isPayload(fourth)) void answer(String(messageId), third, fourth);
      if (type === 3 && isPayload(third)) waiting?.resolve(third);
      if (type === 3 && !isPayload(third)) waiting?.reject(new CallFailed('refused', 'NotAnObject'));
      if (type === 4) waiting?.reject(new CallFailed('refused', String(third)));
    },
    lost: () => {
      for (const one of [...outstanding.values()]) one.reject(new CallFailed('cut', 'connection'));
    },
  };
};
