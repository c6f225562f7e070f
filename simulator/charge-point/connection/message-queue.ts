import type { Payload } from '../../../ocpp/payload.ts';
import type { Clock } from '../../clock.ts';
import type { Traffic } from '../../traffic.ts';
import type { CallRequest } from '../dialect.ts';
import { CallFailed } from './call-failed.ts';

/** A CALL in the queue, and what is to happen with its answer. */
export type QueuedCall = CallRequest & {
  /** Transaction messages survive disconnects and are retried; all others are worth nothing once late. */
  readonly transactional: boolean;
  readonly answered?: (answer: Payload) => void;
  /** It will not be sent any more. */
  readonly dropped?: () => void;
};

/** Makes one CALL; throws CallFailed. */
export type Call = (action: string, payload: Payload) => Promise<Payload>;

export type MessageQueue = {
  readonly post: (message: QueuedCall) => void;
  /** To the front: BootNotification goes before everything else. */
  readonly postFirst: (message: QueuedCall) => void;
  readonly connected: () => void;
  readonly disconnected: () => void;
  /** Held back, only what is posted first is sent: nothing else may be said before the boot is accepted. */
  readonly hold: (held: boolean) => void;
  readonly size: () => number;
  /** Resolves when nothing is queued or outstanding. */
  readonly drained: () => Promise<void>;
};

export type MessageQueueOptions = {
  readonly call: Call;
  readonly traffic: Traffic;
  /** Wait after the first failed attempt; the second waits twice as long, and so on. */
  readonly retryMs: number;
  /** How often a transaction message is sent before it is given up. Default 5. */
  readonly attempts?: number | undefined;
  readonly clock: Pick<Clock, 'now' | 'after'>;
};

/** OCPP 1.6 TransactionMessageAttempts and 2.0.1 OCPPCommCtrlr.MessageAttempts. */
const usualAttempts = 5;

type Queued = { readonly message: QueuedCall; readonly first: boolean; tried: number };

/**
 * The station's queue of CALLs: one outstanding at a time, in order. A transaction message that fails is sent again after
 * a wait that grows with each attempt; meanwhile everything behind it waits, so that order is kept.
 */
export const messageQueue = ({
  call,
  traffic,
  retryMs,
  attempts = usualAttempts,
  clock,
}: MessageQueueOptions): MessageQueue => {
  const queue: Queued[] = [];
  const waiting: (() => void)[] = [];
  let open = false;
  let held = false;
  let busy = false;
  let cancelRetry: (() => void) | undefined;

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
    cancelRetry?.();
    cancelRetry = clock.after(ms, () => {
      cancelRetry = undefined;
      pump();
    });
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
    if (!queued || busy || !open || cancelRetry || (held && !queued.first)) return settle();
    busy = true;
    queued.tried++;
    call(queued.message.action, queued.message.payload(clock.now()))
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
      cancelRetry?.();
      cancelRetry = undefined;
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
