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
  /** The sequence number all readers are past; empty when one has read nothing. */
  readonly readTo: () => string;
};

/** The shards of one stream. Every method throws ServiceError with Kinesis's own code. */
export type Shards = {
  readonly all: () => readonly Shard[];
  readonly find: (shardId: string) => Shard;
  /** The open shard that takes the records of a partition key. */
  readonly shardFor: (partitionKey: string, explicitHashKey?: string) => Shard;
  readonly put: (
    partitionKey: string,
    data: string,
    explicitHashKey?: string,
  ) => { readonly shardId: string; readonly record: KinesisRecord };
  /** Puts a record of an earlier run back; one that is there already is left alone. */
  readonly restore: (shardId: string, record: KinesisRecord) => void;
  /** A reader that will want every record. It tells how far it is in each shard. */
  readonly addReader: () => (shardId: string, sequenceNumber: string) => void;
  readonly split: (shardId: string, newStartingHashKey: string) => void;
  readonly merge: (shardId: string, adjacentShardId: string) => void;
};

const largestHashKey = 2n ** 128n - 1n;
/** Beyond this many records a shard drops its oldest, once all readers are past them, and takes no more until they are. */
const mostRecords = 500_000;

/**
 * Sequence numbers have the 56 digits of the service's and one counter for the whole stream, so that those of child shards
 * exceed those of their parents.
 */
const numbering = (startedAt: number) => {
  let run = startedAt;
  let count = 0;
  return {
    next: (): string => {
      count += 1;
      return `49${String(run).padStart(20, '0')}${String(count).padStart(34, '0')}`;
    },
    /** Makes the following numbers greater than one of an earlier run, should the date have been set back since. */
    exceed: (sequenceNumber: string): void => {
      run = Math.max(run, Number(sequenceNumber.slice(2, 22)) + 1);
    },
  };
};

export const shardsOf = (count: number, now: () => number): Shards => {
  const { next, exceed } = numbering(now());
  const readers: Map<string, string>[] = [];
  const readTo = (shardId: string): string => readers.map((reader) => reader.get(shardId) ?? '').sort()[0] ?? '';
  const shards: Shard[] = [];
  const add = (hashRange: readonly [bigint, bigint], parents: readonly string[]): void => {
    const shardId = `shardId-${String(shards.length).padStart(12, '0')}`;
    shards.push({
      shardId,
      parents,
      hashRange,
      startingSequenceNumber: next(),
      records: [],
      dropped: 0,
      readTo: () => readTo(shardId),
    });
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

  /** Drops a tenth at once: moving half a million records for each one that comes would take all the time. */
  const dropRead = (shard: Shard): void => {
    const read = shard.records.findIndex(({ sequenceNumber }) => sequenceNumber > shard.readTo());
    const surplus = Math.min(read < 0 ? shard.records.length : read, mostRecords / 10);
    if (surplus === 0)
      throw new ServiceError(
        'ProvisionedThroughputExceededException',
        `Nobody has read the records of ${shard.shardId}`,
      );
    shard.records.splice(0, surplus);
    shard.dropped += surplus;
  };

  const shardFor: Shards['shardFor'] = (partitionKey, explicitHashKey) => {
    const hash =
      explicitHashKey === undefined
        ? BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`)
        : BigInt(explicitHashKey);
    const shard = shards.find(
      ({ hashRange: [first, last], endingSequenceNumber }) =>
        endingSequenceNumber === undefined && first <= hash && hash <= last,
    );
    if (shard === undefined) throw new ServiceError('InvalidArgumentException', `No shard takes hash key ${hash}`);
    return shard;
  };

  return {
    all: () => shards,
    find,
    shardFor,
    put: (partitionKey, data, explicitHashKey) => {
      const shard = shardFor(partitionKey, explicitHashKey);
      if (shard.records.length >= mostRecords) dropRead(shard);
      const record = { sequenceNumber: next(), partitionKey, data, arrivedAt: now() };
      shard.records.push(record);
      return { shardId: shard.shardId, record };
    },
    restore: (shardId, record) => {
      const { records } = find(shardId);
      if (record.sequenceNumber > (records.at(-1)?.sequenceNumber ?? '')) records.push(record);
      exceed(record.sequenceNumber);
    },
    addReader: () => {
      const reader = new Map<string, string>();
      readers.push(reader);
      return (shardId, sequenceNumber) => void reader.set(shardId, sequenceNumber);
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
