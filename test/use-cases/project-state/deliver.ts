import { type InOrder, inOrder } from '../../../async/in-order.ts';
import { guardOf } from '../../../domain/kernel/guard.ts';
import type { StateChange } from '../../../domain/kernel/state-change.ts';
import { fold } from '../../../domain/station/fold.ts';
import type { StationAggregate, StationRecord } from '../../../domain/station/station-aggregate.ts';
import type { FoldResult } from '../../../domain/station/unit-of-work.ts';
import type { AggregateStore } from '../../../use-cases/ports/aggregate-store.ts';
import { aggregateCache } from '../../../use-cases/project-state/aggregate-cache.ts';
import { type ProjectionPorts, projectState } from '../../../use-cases/project-state/project-state.ts';
import type { Message } from '../../support/station-days.ts';

/** A record with its place in the stream. */
export type Placed = { readonly stationId: string; readonly sequence: number; readonly value: StationRecord };

/** What a delivery may leave out, to show what it is there for. */
export type Without = {
  readonly keyStop?: boolean;
  readonly padding?: boolean;
  readonly recordIds?: boolean;
  readonly guard?: boolean;
};

const SPLIT = 1_000_000;

/** Puts messages on a stream; halfway its shard is split, and sequence numbers go on far above. */
export const streamOf = (stationId: string, messages: readonly Message[], without: Without = {}): Placed[] =>
  messages.map((message, index) => {
    const sequence = 7 + index * 3 + (index * 2 > messages.length ? SPLIT : 0);
    const guard = without.padding ? `00#${sequence}` : guardOf('00', String(sequence));
    return { stationId, sequence, value: { guard, ...message } };
  });

const unguarded = (aggregate: StationAggregate): StationAggregate => ({
  ...aggregate,
  station: {
    ...aggregate.station,
    ...(aggregate.station.state && { state: { ...aggregate.station.state, guard: '' } }),
  },
  connectors: aggregate.connectors.map((connector) => ({ ...connector, guard: '' })),
});

/** Ids that count what this worker has folded, instead of naming the record. */
const perWorker = () => {
  let count = 0;
  const numbered = (changes: readonly StateChange[]): readonly StateChange[] => {
    count += 1;
    return changes.map((change, ordinal) => ({ ...change, id: `${count}.${ordinal}` }));
  };
  return ({ station, connectors, ...rest }: FoldResult): FoldResult => ({
    ...rest,
    ...(station && { station: { changes: numbered(station.changes) } }),
    connectors: connectors.map(({ key, changes }) => ({ key, changes: numbered(changes) })),
  });
};

/** For streams in which the gateway has settled every answer, and told mailboxes of every connection. */
export const noReplies: ProjectionPorts['queue'] = {
  settle: () => Promise.reject(new Error('No answer is left to settle')),
  schedule: () => Promise.reject(new Error('No mailbox is left to be told')),
};

/** A worker with its own warm cache, as one Lambda environment has it. Returns the sequence numbers that failed. */
export const worker = (store: AggregateStore, without: Without = {}) => {
  const renumbered = without.recordIds ? perWorker() : (folded: FoldResult): FoldResult => folded;
  const project = projectState({
    store,
    queue: noReplies,
    cache: aggregateCache(10),
    fold: (aggregate, record) => renumbered(fold(without.guard ? unguarded(aggregate) : aggregate, record)),
  });
  return async (batch: readonly Placed[], runLength = 200): Promise<readonly number[]> => {
    const work: InOrder<Placed> = {
      items: batch,
      keyOf: ({ stationId }) => stationId,
      run: (stationId, some) =>
        project(
          some.map(({ value }) => value),
          stationId,
        ),
      runLength,
      concurrency: 4,
      afterFailure: without.keyStop ? 'go-on' : 'stop-key',
    };
    return (await inOrder(work)).map(({ item }) => item.sequence);
  };
};
