import type { Traffic } from '../traffic.ts';
import { CallFailed } from './call-failed.ts';

export type Payload = Readonly<Record<string, unknown>>;

/** A CALL to be made. The payload is built when it is sent: a 1.6 meter value needs the id its StartTransaction is yet to get. */
export type Message = {
  readonly action: string;
  readonly payload: () => Payload;
  /** Transaction messages survive disconnects and are retried; all others are worth nothing once late. */
  readonly transactional: boolean;
  readonly answered?: (answer: Payload) => void;
  /** It will not be sent any more. */
  readonly dropped?: () => void;
};

/** Makes one CALL; throws CallFailed. */
export type Call = (action: string, payload: Payload) => Promise<Payload>;

export type Outbox = {
  readonly post: (message: Message) => void;
  /** To the front: BootNotification goes before everything else. */
  readonly postFirst: (message: Message) => void;
  readonly connected: () => void;
  readonly disconnected: () => void;
  /** Held back, only what is posted first is sent: nothing else may be said before the boot is accepted. */
  readonly hold: (held: boolean) => void;
  readonly size: () => number;
  /** Resolves when nothing is queued or outstanding. */
  readonly drained: () => Promise<void>;
};

/** OCPP 1.6 TransactionMessageAttempts and 2.0.1 OCPPCommCtrlr.MessageAttempts. */
const attempts = 5;

type Queued = { readonly message: Message; readonly first: boolean; tried: number };

/**
 * The station's queue of CALLs: one outstanding at a time, in order. A transaction message that fails is sent again after
 * a wait that grows with each attempt; meanwhile everything behind it waits, so that order is kept.
 */
export const outbox = (call: Call, traffic: Traffic, retryMs: number): Outbox => {
  const queue: Queued[] = [];
  const waiting: (() => void)[] = [];
  let open = false;
  let held = false;
  let busy = false;
  let retry: NodeJS.Timeout | undefined;

  const settle = () => {
    if (!busy && queue.length === 0) for (const resolve of waiting.splice(0)) resolve();
  };
  const drop = (queued: Queued) => {
    const index = queue.indexOf(queued);
    if (index >= 0) queue.splice(index, 1);
    queued.message.dropped?.();
  };
  const pumpAfter = (ms: number) => {
    if (!open) return;
    clearTimeout(retry);
    retry = setTimeout(() => {
      retry = undefined;
      pump();
    }, ms);
  };
  const failed = (queued: Queued, error: unknown) => {
    if (!(error instanceof CallFailed)) throw error;
    const { action, transactional } = queued.message;
    if (!transactional) return drop(queued);
    // A socket that is closing refuses every call at once: trying again without a pause would never let it close.
    if (error.how === 'cut') return pumpAfter(retryMs);
    if (queued.tried >= attempts) {
      traffic.abandoned(action);
      return drop(queued);
    }
    traffic.retried();
    pumpAfter(retryMs * queued.tried);
  };
  const pump = () => {
    const queued = queue[0];
    if (!queued || busy || !open || retry || (held && !queued.first)) return settle();
    busy = true;
    queued.tried++;
    call(queued.message.action, queued.message.payload())
      .then(
        (answer) => {
          queue.splice(queue.indexOf(queued), 1);
          queued.message.answered?.(answer);
        },
        (error: unknown) => failed(queued, error),
      )
      .finally(() => {
        busy = false;
        pump();
      });
  };
  return {
    post: (message) => {
      if (!open && !message.transactional) return message.dropped?.();
      queue.push({ message, first: false, tried: 0 });
      pump();
    },
    postFirst: (message) => {
      queue.splice(busy ? 1 : 0, 0, { message, first: true, tried: 0 });
      pump();
    },
    connected: () => {
      open = true;
      pump();
    },
    disconnected: () => {
      open = false;
      clearTimeout(retry);
      retry = undefined;
      // The outstanding one is dealt with when its call rejects.
      for (const queued of queue.slice(busy ? 1 : 0)) if (!queued.message.transactional) drop(queued);
      settle();
    },
    hold: (value) => {
      held = value;
      pump();
    },
    size: () => queue.length,
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        settle();
      }),
  };
};
