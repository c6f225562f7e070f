import { createHash } from 'node:crypto';
import { ServiceError } from '../http/http-server.ts';

/** A record in a shard. */
export type KinesisRecord = {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64, as it came. */
  readonly data: string;
  /** ms since the epoch. */
  readonly arrivedAt: number;
};

export type Shard = {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** First and last hash key, both included. */
  readonly hashRange: readonly [bigint, bigint];
  readonly startingSequenceNumber: string;
  /** Set when the shard was split or merged: it takes no more records. */
  endingSequenceNumber?: string;
  readonly records: KinesisRecord[];
  /** How many of the oldest records were dropped. */
  dropped: number;
};

/** The shards of one stream. Every method throws ServiceError with Kinesis's own code. */
export type Shards = {
  readonly all: () => readonly Shard[];
  readonly find: (shardId: string) => Shard;
  readonly put: (
    partitionKey: string,
    data: string,
    explicitHashKey?: string,
  ) => { readonly shardId: string; readonly sequenceNumber: string };
  readonly split: (shardId: string, newStartingHashKey: string) => void;
  readonly merge: (shardId: string, adjacentShardId: string) => void;
};

const largestHashKey = 2n ** 128n - 1n;
/** A laptop's memory is the retention: beyond this many records a shard drops its oldest. */
const mostRecords = 500_000;

/**
 * Sequence numbers have the 56 digits of the service's and one counter for the whole stream, so that those of child shards
 * exceed those of their parents.
 */
const numbering = (startedAt: number) => {
  let count = 0;
  return (): string => {
    count += 1;
    return `49${String(startedAt).padStart(20, '0')}${String(count).padStart(34, '0')}`;
  };
};

export const kinesisShards = (count: number, now: () => number): Shards => {
  const next = numbering(now());
  const shards: Shard[] = [];
  const add = (hashRange: readonly [bigint, bigint], parents: readonly string[]): void => {
    const shardId = `shardId-${String(shards.length).padStart(12, '0')}`;
    shards.push({ shardId, parents, hashRange, startingSequenceNumber: next(), records: [], dropped: 0 });
  };
  const size = (largestHashKey + 1n) / BigInt(count);
  for (let index = 0n; index < BigInt(count); index += 1n)
    add([index * size, index === BigInt(count) - 1n ? largestHashKey : (index + 1n) * size - 1n], []);

  const find = (shardId: string): Shard => {
    const shard = shards.find((candidate) => candidate.shardId === shardId);
    if (shard === undefined) throw new ServiceError('ResourceNotFoundException', `There is no shard ${shardId}`);
    return shard;
  };
  const openOne = (shardId: string): Shard => {
    const shard = find(shardId);
    if (shard.endingSequenceNumber !== undefined)
      throw new ServiceError('InvalidArgumentException', `Shard ${shardId} is closed`);
    return shard;
  };

  return {
    all: () => shards,
    find,
    put: (partitionKey, data, explicitHashKey) => {
      const hash =
        explicitHashKey === undefined
          ? BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`)
          : BigInt(explicitHashKey);
      const shard = shards.find(
        ({ hashRange: [first, last], endingSequenceNumber }) =>
          endingSequenceNumber === undefined && first <= hash && hash <= last,
      );
      if (shard === undefined) throw new ServiceError('InvalidArgumentException', `No shard takes hash key ${hash}`);
      const record = { sequenceNumber: next(), partitionKey, data, arrivedAt: now() };
      shard.records.push(record);
      if (shard.records.length > mostRecords * 1.1) {
        shard.dropped += shard.records.length - mostRecords;
        shard.records.splice(0, shard.records.length - mostRecords);
      }
      return { shardId: shard.shardId, sequenceNumber: record.sequenceNumber };
    },
    split: (shardId, newStartingHashKey) => {
      const shard = openOne(shardId);
      const [first, last] = shard.hashRange;
      const middle = BigInt(newStartingHashKey);
      if (middle <= first || middle > last)
        throw new ServiceError('InvalidArgumentException', `Hash key ${middle} does not split ${shardId}`);
      shard.endingSequenceNumber = next();
      add([first, middle - 1n], [shardId]);
      add([middle, last], [shardId]);
    },
    merge: (shardId, adjacentShardId) => {
      const [lower, upper] = [openOne(shardId), openOne(adjacentShardId)].sort((a, b) =>
        a.hashRange[0] < b.hashRange[0] ? -1 : 1,
      );
      if (lower === undefined || upper === undefined || lower.hashRange[1] + 1n !== upper.hashRange[0])
        throw new ServiceError('InvalidArgumentException', `${shardId} and ${adjacentShardId} are not adjacent`);
      for (const shard of [lower, upper]) shard.endingSequenceNumber = next();
      add([lower.hashRange[0], upper.hashRange[1]], [shardId, adjacentShardId]);
    },
  };
};
