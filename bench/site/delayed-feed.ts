import type { Clock } from '../../simulator/clock.ts';

/** What is put is delivered some time later, key by key: in order, in batches, one batch of a key at a time. */
export type DelayedFeed<Item> = { readonly put: (key: string, items: readonly Item[]) => void };

export type DelayedFeedOptions<Item> = {
  readonly clock: Clock;
  readonly delayMs: number;
  /** While it is false nothing is delivered; what was put waits. */
  readonly isRunning: () => boolean;
  /** A batch that rejects is delivered again, as a stream does. */
  readonly deliver: (key: string, items: readonly Item[]) => Promise<void>;
};

const AGAIN_MS = 1_000;

/** A stream and its reader, in the time of the simulation. */
export const delayedFeed = <Item>({
  clock,
  delayMs,
  isRunning,
  deliver,
}: DelayedFeedOptions<Item>): DelayedFeed<Item> => {
  const waiting = new Map<string, Item[]>();
  const scheduled = new Set<string>();
  const schedule = (key: string, afterMs: number): void => {
    scheduled.add(key);
    clock.after(afterMs, () => void run(key));
  };
  const run = async (key: string): Promise<void> => {
    if (!isRunning()) return schedule(key, AGAIN_MS);
    const batch = waiting.get(key) ?? [];
    waiting.delete(key);
    let isDelivered = false;
    try {
      await deliver(key, batch);
      isDelivered = true;
    } finally {
      if (!isDelivered) waiting.set(key, [...batch, ...(waiting.get(key) ?? [])]);
      if (waiting.has(key)) schedule(key, isDelivered ? delayMs : AGAIN_MS);
      else scheduled.delete(key);
    }
  };
  return {
    put: (key, items) => {
      const queue = waiting.get(key);
      if (queue === undefined) waiting.set(key, [...items]);
      else queue.push(...items);
      if (!scheduled.has(key)) schedule(key, delayMs);
    },
  };
};
