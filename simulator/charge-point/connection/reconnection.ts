import { backoffMs } from '../../../async/retry.ts';
import type { ConnectionOptions } from './transport.ts';

/** A fleet that lost its CSMS must not come back all at once, nor a single charger without any pause. */
const SHORTEST_WAIT_MS = 500;
const BACKOFF = { firstMs: 1000, longestMs: 60_000 };

/** Keeps a connection up from when it is wanted until it is not. */
export type Reconnection = {
  readonly open: () => void;
  readonly close: () => void;
  readonly isWanted: () => boolean;
  /** The connection was lost: it is opened again after a while. */
  readonly lost: () => void;
};

/** Opens a connection with `connect`, again after a wait that grows with every failure. */
export const reconnection = (
  { clock, failed, jitter }: Pick<ConnectionOptions, 'clock' | 'failed' | 'jitter'>,
  connect: () => Promise<void>,
): Reconnection => {
  let wanted = false;
  let connecting = false;
  let failures = 0;
  let cancelWait: (() => void) | undefined;
  const stopWaiting = () => {
    cancelWait?.();
    cancelWait = undefined;
  };
  const later = () => {
    if (!wanted || cancelWait) return;
    cancelWait = clock.after(SHORTEST_WAIT_MS + backoffMs(failures + 1, BACKOFF, jitter), now);
  };
  const now = () => {
    stopWaiting();
    if (connecting) return;
    connecting = true;
    connect().then(
      () => {
        connecting = false;
        failures = 0;
      },
      (error: unknown) => {
        connecting = false;
        failed(error instanceof Error ? error : new Error(String(error)));
        failures++;
        later();
      },
    );
  };
  return {
    open: () => {
      wanted = true;
      now();
    },
    close: () => {
      wanted = false;
      stopWaiting();
    },
    isWanted: () => wanted,
    lost: later,
  };
};
