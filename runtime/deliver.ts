import pMap from 'p-map';
import { boundedCache } from '../async/bounded-cache.ts';
import { chunksOf } from '../async/chunks-of.ts';
import { type RetryPolicy, retry } from '../async/retry.ts';
import { type Failure, OutOfTime, type Settlement, SomeFailed, settle } from '../async/settle.ts';
import type { System } from '../async/system.ts';
import { isTransient } from '../aws/is-transient.ts';
import type { ParkedRecord, ParkedRecords } from '../use-cases/ports/parked-records.ts';
import type { SampledWarning } from '../use-cases/ports/sampled-warning.ts';
import { metricLine, toOutput } from './metric-line.ts';

/** One record of a stream, as the event source hands it over. */
export type Delivery<Value> = {
  /** Unlike that of any other record. */
  readonly id: string;
  readonly sequenceNumber: string;
  /** Its partition, as the stream tells it. */
  readonly partitionKey: string;
  /** Reads the record; undefined for one that is of no interest. Throws for one that can never be read. */
  readonly read: () => Keyed<Value> | undefined;
  readonly parked: (reason: string) => ParkedRecord;
};

/** What a record says, and what about: one key's records stay in order. */
export type Keyed<Value> = { readonly key: string; readonly value: Value };

type Arrived<Value> = Keyed<Value> & { readonly delivery: Delivery<Value> };

export type Consumer<Value> = {
  /**
   * Handles records (of one key, or a batch: then the key is the first one's); may be called again with the same ones. A
   * failure that may pass is waited for; any other concerns the record it can be narrowed down to, which is parked.
   * Throws SomeFailed when it knows which values failed.
   */
  readonly handle: (values: readonly Value[], key: string) => Promise<void>;
  readonly park: ParkedRecords['park'];
  /** Whose metric counts records that could not be parked. */
  readonly stage: string;
  readonly warn: SampledWarning;
  readonly system: System;
};

/** Records of one key in order, `atOnce` in one call, keys side by side; or all records of a batch together, in no order. */
export type Order = { readonly by: 'key'; readonly atOnce: number } | { readonly by: 'batch' };

/** No attempt begins later than this after an invocation did: one more must fit into the minute a consumer has. */
const BUDGET_MS = 30_000;
const untilBack: RetryPolicy = { isTransient, firstMs: 500, longestMs: 8_000 };
const KEYS_AT_ONCE = 16;
const REMEMBERED = 10_000;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
};

const lowest = (sequenceNumbers: readonly string[]): string | undefined =>
  sequenceNumbers.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))[0];

/**
 * Works through batches of an event source that reports failures by record. What fails for good is parked; what waits for a
 * service that is out is given back from the lowest sequence number on, for as long as the stream keeps it. What was done
 * above that number is remembered and not done again when it comes back.
 */
export const deliver = <Value>(consumer: Consumer<Value>, order: Order, write: (line: string) => void = toOutput) => {
  const { park, stage, warn, system } = consumer;
  const done = boundedCache<string, true>(REMEMBERED);

  const handle = async (arrived: readonly Arrived<Value>[]): Promise<void> => {
    try {
      const key = arrived[0]?.key ?? '';
      await consumer.handle(
        arrived.map(({ value }) => value),
        key,
      );
    } catch (error) {
      if (!(error instanceof SomeFailed)) throw error;
      const failures: readonly Failure<unknown>[] = error.failures;
      const errors = new Map(failures.map((failure) => [failure.item, failure.error]));
      const failed = arrived.filter(({ value }) => errors.has(value));
      throw new SomeFailed(
        failed.map((item) => ({ item, error: errors.get(item.value) })),
        error.message,
      );
    }
  };

  return async (
    deliveries: readonly Delivery<Value>[],
  ): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
    const untilAt = system.clock() + BUDGET_MS;
    const fresh = deliveries.filter(({ id }) => !done.has(id));
    const waiting: Failure<Delivery<Value>>[] = [];

    const parkOne = async (delivery: Delivery<Value>, error: unknown): Promise<void> => {
      if (system.clock() > untilAt) throw new OutOfTime('No time was left to park a record');
      const reason = reasonOf(error);
      warn('parked', { key: delivery.partitionKey, reason });
      try {
        const budgetMs = untilAt - system.clock();
        await retry(() => park(delivery.parked(reason)), { ...untilBack, budgetMs }, system);
      } catch (cause) {
        warn('notParked', { key: delivery.partitionKey, reason, error: reasonOf(cause) });
        write(metricLine(stage, { RecordsNotParked: 1 }, system.clock()));
        throw cause;
      }
    };
    const work: Settlement<Arrived<Value>> = {
      handle,
      refuse: ({ item, error }) => parkOne(item.delivery, error),
      retry: untilBack,
      untilAt,
      isOrdered: order.by === 'key',
    };
    const settleGroup = async (group: readonly Arrived<Value>[]): Promise<readonly Failure<Arrived<Value>>[]> => {
      const runs = order.by === 'key' ? chunksOf(group, order.atOnce) : [group];
      for (const [index, run] of runs.entries()) {
        const failures = await settle(run, work, system);
        const [first] = failures;
        if (first !== undefined)
          return [
            ...failures,
            ...runs
              .slice(index + 1)
              .flat()
              .map((item) => ({ item, error: first.error })),
          ];
      }
      return [];
    };

    const arrived: Arrived<Value>[] = [];
    const unreadable: Failure<Delivery<Value>>[] = [];
    for (const delivery of fresh) {
      try {
        const keyed = delivery.read();
        if (keyed !== undefined) arrived.push({ ...keyed, delivery });
      } catch (error) {
        unreadable.push({ item: delivery, error });
      }
    }
    const parkUnreadable = async ({ item, error }: Failure<Delivery<Value>>): Promise<void> => {
      try {
        await parkOne(item, error);
      } catch (cause) {
        waiting.push({ item, error: cause });
      }
    };
    await pMap(unreadable, parkUnreadable, { concurrency: KEYS_AT_ONCE });
    const groups = order.by === 'key' ? [...Map.groupBy(arrived, ({ key }) => key).values()] : [arrived];
    const settled = await pMap(groups, settleGroup, { concurrency: KEYS_AT_ONCE });
    waiting.push(...settled.flat().map(({ item, error }) => ({ item: item.delivery, error })));
    for (const { item, error } of waiting) warn('waiting', { key: item.partitionKey, error: reasonOf(error) });

    if (waiting.length > 0) {
      const stillToDo = new Set(waiting.map(({ item }) => item.id));
      for (const { id } of fresh) if (!stillToDo.has(id)) done.set(id, true);
    }
    const itemIdentifier = lowest(waiting.map(({ item }) => item.sequenceNumber));
    return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
  };
};
