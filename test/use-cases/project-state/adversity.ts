import fc from 'fast-check';
import { recordIdOf } from '../../../domain/kernel/guard.ts';
import type { StateChange } from '../../../domain/kernel/state-change.ts';
import { fold } from '../../../domain/station/fold.ts';
import type { StationAggregate } from '../../../domain/station/station-aggregate.ts';
import type { AggregateStore } from '../../../use-cases/ports/aggregate-store.ts';
import type { Placed } from './deliver.ts';

/** A crash of the worker at one of its awaits. */
class Crash extends Error {
  override readonly name = 'Crash';
}

/** The store, crashing where `plan` says so: before or after each load and between any two writes of a commit. */
export const crashing = (store: AggregateStore, plan: Iterator<boolean>): AggregateStore => {
  const maybe = (): void => {
    if (plan.next().value === true) throw new Crash('The worker is gone');
  };
  return {
    load: async (stationId) => {
      maybe();
      const aggregate = await store.load(stationId);
      maybe();
      return aggregate;
    },
    commit: async (writes, together) => {
      maybe();
      for (const part of together ? [writes] : writes.map((write) => [write])) {
        if ((await store.commit(part, together)) === 'conflict') return 'conflict';
        maybe();
      }
      return 'committed';
    },
  };
};

/** What one invocation is given: how many records, from how far back, in runs of which length, and when the worker crashes. */
export type Invocation = {
  readonly length: number;
  readonly back: number;
  readonly runLength: number;
  readonly crashes: readonly boolean[];
  readonly isShared: boolean;
};

/** Hostile deliveries: random batches, some of them again, crashes after every await, a second worker on the same records. */
export const invocations: fc.Arbitrary<readonly Invocation[]> = fc.array(
  fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 10 })),
    runLength: fc.integer({ min: 1, max: 4 }),
    crashes: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)), { maxLength: 8 }),
    isShared: fc.boolean(),
  }),
  { minLength: 3, maxLength: 12 },
);

type Deliver = (batch: readonly Placed[], runLength: number) => Promise<readonly number[]>;

/** Delivers a stream as Kinesis and Lambda may: every record at least once, in order, restarting at the lowest failure. */
export const deliverAll = async (
  stream: readonly Placed[],
  plan: readonly Invocation[],
  workerOn: (crashes: readonly boolean[]) => Deliver,
): Promise<void> => {
  let reached = 0;
  for (const { length, back, runLength, crashes, isShared } of plan) {
    const from = Math.max(0, reached - back);
    const batch = stream.slice(from, from + length);
    const lengths = isShared ? [runLength, runLength + 1] : [runLength];
    const failed = await Promise.all(lengths.map((each, index) => workerOn(index === 0 ? crashes : [])(batch, each)));
    const [lowest] = failed.flat().toSorted((a, b) => a - b);
    const failedAt =
      lowest === undefined ? from + batch.length : stream.findIndex(({ sequence }) => sequence === lowest);
    reached = failedAt;
  }
  for (let tries = 0; reached < stream.length && tries < 50; tries += 1) {
    const failed = await workerOn([])(stream.slice(reached), 200);
    reached = failed.length === 0 ? stream.length : reached;
  }
};

/** What the stream must lead to: every fact once, in order, with nothing in between. */
export const oracle = (
  start: StationAggregate,
  stream: readonly Placed[],
): { readonly aggregate: StationAggregate; readonly log: readonly StateChange[] } => {
  let aggregate = start;
  const log: StateChange[] = [];
  for (const { value } of stream) {
    const folded = fold(aggregate, value);
    aggregate = folded.aggregate;
    log.push(...folded.connectors.flatMap(({ changes }) => changes), ...(folded.station?.changes ?? []));
  }
  return { aggregate, log };
};

/** A log as a sink that dedupes by id keeps it: the first of each id, by id. */
export const deduped = (log: readonly StateChange[]): readonly StateChange[] =>
  [...new Map([...log].reverse().map((change) => [change.id, change])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));

/** A aggregate without the outboxes: what an item says of the connector. Guards stand as the records they name. */
export const bare = ({ station, connectors }: StationAggregate) => {
  const plain = <T extends { readonly guard: string }>(item: T) => ({
    ...item,
    guard: recordIdOf(item.guard),
    outbox: [],
  });
  return { state: station.state && plain(station.state), connectors: connectors.map(plain) };
};

const counted = new Set(['id', 'rev', 'guard', 'lastSeenAt', 'receivedAt']);

/** Anything without what counts records rather than facts. */
export const uncounted = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner: unknown) => (counted.has(key) ? undefined : inner)));

/** A log as history reads it: repeats of what is known already (told late) add nothing to it. */
export const history = (log: readonly StateChange[]): readonly unknown[] =>
  deduped(log)
    .filter((change) => change.type !== 'ConnectorStatusBackfilled' && change.type !== 'MinutesCorrected')
    .filter((change) => change.type !== 'StationEventRecorded' || change.topic !== 'LateMeterValues')
    .map(uncounted)
    .map((change) => JSON.stringify(change))
    .sort();
