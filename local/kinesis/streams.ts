import { unreachable } from '../../domain/kernel/unreachable.ts';
import { ServiceError } from '../http/http-server.ts';
import type { Journal } from '../journal.ts';
import { type KinesisRecord, type Shard, type Shards, shardsOf } from './shards.ts';

/** What happened to a stream, as it is kept. Record numbers make it harmless to read an entry twice. */
export type StreamEntry = { readonly stream: string } & (
  | { readonly kind: 'created'; readonly shards: number }
  | { readonly kind: 'split'; readonly shardId: string; readonly newStartingHashKey: string }
  | { readonly kind: 'merged'; readonly shardId: string; readonly adjacentShardId: string }
  | { readonly kind: 'put'; readonly shardId: string; readonly record: KinesisRecord }
);

/** The streams of this machine. Every method throws ServiceError with Kinesis's own code. */
export type Streams = {
  readonly create: (stream: string, shards: number) => Promise<void>;
  readonly of: (stream: string) => Shards;
  /** Resolves when the record is kept. */
  readonly put: (
    stream: string,
    partitionKey: string,
    data: string,
    explicitHashKey?: string,
  ) => Promise<{ readonly shardId: string; readonly sequenceNumber: string }>;
  readonly split: (stream: string, shardId: string, newStartingHashKey: string) => Promise<void>;
  readonly merge: (stream: string, shardId: string, adjacentShardId: string) => Promise<void>;
};

/**
 * Opens the streams with what earlier runs kept. Records are kept until all readers are past them; numbers go on rising from
 * run to run, because they begin with the time of the start.
 */
export const openStreams = async (
  open: (current: () => Iterable<StreamEntry>) => Promise<Journal<StreamEntry>>,
  clock: () => number,
): Promise<Streams> => {
  const streams = new Map<string, Shards>();
  /** How a stream came to its shards. */
  const histories = new Map<string, StreamEntry[]>();
  const of = (stream: string): Shards => {
    const found = streams.get(stream);
    if (found === undefined) throw new ServiceError('ResourceNotFoundException', `There is no stream ${stream}`);
    return found;
  };
  const apply = (entry: StreamEntry): void => {
    if (entry.kind !== 'put') histories.set(entry.stream, [...(histories.get(entry.stream) ?? []), entry]);
    switch (entry.kind) {
      case 'created':
        streams.set(entry.stream, shardsOf(entry.shards, clock));
        return;
      case 'split':
        of(entry.stream).split(entry.shardId, entry.newStartingHashKey);
        return;
      case 'merged':
        of(entry.stream).merge(entry.shardId, entry.adjacentShardId);
        return;
      case 'put':
        of(entry.stream).restore(entry.shardId, entry.record);
        return;
      default:
        unreachable(entry);
    }
  };
  const kept = (stream: string, { shardId, records, readTo }: Shard): StreamEntry[] =>
    records
      .filter(({ sequenceNumber }) => sequenceNumber > readTo())
      .map((record) => ({ stream, kind: 'put', shardId, record }));
  const journal = await open(() =>
    [...streams].flatMap(([stream, shards]) => [
      ...(histories.get(stream) ?? []),
      ...shards.all().flatMap((shard) => kept(stream, shard)),
    ]),
  );
  for (const entry of journal.entries) apply(entry);

  const change = async (entry: StreamEntry): Promise<void> => {
    apply(entry);
    await journal.append(entry);
  };
  return {
    create: async (stream, shards) => {
      if (!streams.has(stream)) await change({ stream, kind: 'created', shards });
    },
    of,
    put: async (stream, partitionKey, data, explicitHashKey) => {
      const { shardId, record } = of(stream).put(partitionKey, data, explicitHashKey);
      await journal.append({ stream, kind: 'put', shardId, record });
      return { shardId, sequenceNumber: record.sequenceNumber };
    },
    split: (stream, shardId, newStartingHashKey) => change({ stream, kind: 'split', shardId, newStartingHashKey }),
    merge: (stream, shardId, adjacentShardId) => change({ stream, kind: 'merged', shardId, adjacentShardId }),
  };
};
