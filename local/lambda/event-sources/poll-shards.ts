import { type LocalSystem, pauses } from '../../local-system.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Polling } from './polling.ts';

/** One record as Lambda's event carries it, with what the poller needs to know about it. */
export type StreamRecord = {
  readonly sequenceNumber: string;
  /** ms since the epoch. */
  readonly arrivedAt: number;
  /** What event filter patterns are matched against. */
  readonly filterable: () => unknown;
  readonly event: object;
};

/** A stream of shards: Kinesis, or a table's change stream. */
export type ShardReader = {
  readonly batchInfo: 'KinesisBatchInfo' | 'DDBStreamBatchInfo';
  /** Calls back when a record was written, so that an idle stream need not be polled often. */
  readonly onWritten?: (listener: () => void) => void;
  /** Takes note that everything up to a record was handled. */
  readonly handled?: (shardId: string, sequenceNumber: string) => void;
  readonly shards: () => Promise<readonly { readonly shardId: string; readonly parents: readonly string[] }[]>;
  /** An iterator after the given sequence number, or at the oldest record. */
  readonly iterator: (shardId: string, after: string | undefined) => Promise<string>;
  /** `next` is undefined when the shard is closed and drained. */
  readonly read: (
    iterator: string,
    shardId: string,
    limit: number,
  ) => Promise<{ readonly next: string | undefined; readonly records: readonly StreamRecord[] }>;
};

/** The GetShardIterator parameters: DynamoDB calls the sequence number so, Kinesis otherwise; each ignores the other's. */
export const startingAt = (after: string | undefined) =>
  after === undefined
    ? { ShardIteratorType: 'TRIM_HORIZON' }
    : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after, StartingSequenceNumber: after };

/**
 * Looking for new shards, or for records where none came, may take this share of the time. DynamoDB Local answers both the slower
 * the more records its streams hold, idle streams slowest of all, and while it does it takes no writes.
 */
const DISCOVERING: Share = { share: 0.01, longestPauseMs: 60_000 };
const IDLING: Share = { share: 0.1, longestPauseMs: 5_000 };

type Share = { readonly share: number; readonly longestPauseMs: number };

/** The pause after something that took so long: `usualMs`, or what keeps it within its share. */
const pauseAfter = (tookMs: number, usualMs: number, { share, longestPauseMs }: Share): number =>
  Math.max(usualMs, Math.min(tookMs / share, longestPauseMs));

export type PollerSettings = Polling & {
  readonly batchSize: number;
  /** Waits this long for a batch to fill before handing it over. */
  readonly windowMs: number;
  readonly system: LocalSystem;
  readonly checkpoints: Checkpoints;
};

/** How far a poller is. */
export type PollerState = {
  /** Records handled since the start. */
  readonly handled: number;
  /** How long the oldest record it has in hand had been in the stream, ms; 0 where its last look found nothing more. */
  readonly behindMs: number;
};

export type Poller = {
  readonly state: () => PollerState;
  /** Resolves when the batches that were handed over are done. */
  readonly stop: () => Promise<void>;
};

/**
 * Reads every shard in order, one batch at a time per shard, children only after their parents are drained.
 * `handle` resolves false to say that the runtime stops; a reader's error is reported and tried again.
 */
export const pollShards = (
  reader: ShardReader,
  settings: PollerSettings,
  handle: (shardId: string, records: readonly StreamRecord[]) => Promise<boolean>,
  report: (problem: unknown) => void,
): Poller => {
  let stopping = false;
  const drained = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const inHand = new Map<string, StreamRecord>();
  let handled = 0;
  const { system, checkpoints } = settings;
  const polls = pauses(system);
  const discoveries = pauses(system);
  const { wokenAfterMs } = settings;
  if (wokenAfterMs === 0) reader.onWritten?.(polls.endAll);
  else if (wokenAfterMs < Infinity) reader.onWritten?.(() => void system.after(wokenAfterMs, polls.endAll));
  for (const [shardId, sequenceNumber] of checkpoints.all()) reader.handled?.(shardId, sequenceNumber);

  const follow = async (shardId: string) => {
    let iterator: string | undefined = await reader.iterator(shardId, checkpoints.of(shardId));
    let quietMs = settings.busyPollMs;
    while (!stopping && iterator !== undefined) {
      const askedAt = system.elapsedMs();
      const page = await reader.read(iterator, shardId, settings.batchSize);
      const readMs = system.elapsedMs() - askedAt;
      let records = page.records;
      iterator = page.next;
      const deadline = system.elapsedMs() + settings.windowMs;
      while (records.length > 0 && records.length < settings.batchSize && iterator !== undefined) {
        const left = deadline - system.elapsedMs();
        if (left <= 0 || stopping) break;
        await polls.pause(Math.min(left, settings.busyPollMs));
        const more = await reader.read(iterator, shardId, settings.batchSize - records.length);
        records = [...records, ...more.records];
        iterator = more.next;
      }
      const [oldest] = records;
      if (oldest !== undefined) {
        inHand.set(shardId, oldest);
        quietMs = settings.busyPollMs;
        if (!(await handle(shardId, records))) return;
        handled += records.length;
        const last = records.at(-1);
        if (last !== undefined) {
          checkpoints.set(shardId, last.sequenceNumber);
          reader.handled?.(shardId, last.sequenceNumber);
        }
      } else if (iterator !== undefined) {
        inHand.delete(shardId);
        await polls.pause(pauseAfter(readMs, quietMs, IDLING));
        quietMs = Math.min(quietMs * 2, settings.idlePollMs);
      }
    }
    if (iterator !== undefined) return;
    inHand.delete(shardId);
    drained.add(shardId);
    discoveries.endAll();
  };

  const followSafely = async (shardId: string) => {
    try {
      await follow(shardId);
    } catch (error) {
      // The discovery loop picks the shard up again, after the last batch that was handled.
      if (stopping) return;
      report(error);
      await polls.pause(settings.idlePollMs * 5);
    } finally {
      running.delete(shardId);
    }
  };

  const discover = async () => {
    while (!stopping) {
      const askedAt = system.elapsedMs();
      try {
        const shards = await reader.shards();
        const known = new Set(shards.map(({ shardId }) => shardId));
        for (const { shardId, parents } of shards)
          if (
            !running.has(shardId) &&
            !drained.has(shardId) &&
            parents.every((parent) => drained.has(parent) || !known.has(parent))
          )
            running.set(shardId, followSafely(shardId));
      } catch (error) {
        if (!stopping) report(error);
      }
      await discoveries.pause(pauseAfter(system.elapsedMs() - askedAt, settings.discoverEveryMs, DISCOVERING));
    }
  };
  const discovery = discover();
  return {
    state: () => ({
      handled,
      behindMs: Math.max(0, ...[...inHand.values()].map(({ arrivedAt }) => system.clock() - arrivedAt)),
    }),
    stop: async () => {
      stopping = true;
      discoveries.stop();
      polls.stop();
      await Promise.all([discovery, ...running.values()]);
    },
  };
};
