import { InternalServerError } from '@aws-sdk/client-dynamodb';
import type { ShardReader, StreamRecord } from '../../../local/lambda/event-sources/poll-shards.ts';
import type { Account } from '../../../local/template/template.ts';
import { metadata } from '../sim-service-context.ts';
import { type Item, itemBytes, type Value } from './attribute-value.ts';
import { hashOf } from './collection.ts';
import type { StreamView } from './table-definition.ts';

/** Shards that take records at a time. Items are spread over them by their whole key: only one item's changes are in order. */
const SHARDS = 3;
/** A shard takes records for about four hours; then a child takes its place. */
const SHARD_MS = 4 * 3_600_000;
/** Records are kept for a day. */
const KEPT_MS = 24 * 3_600_000;
const ITERATOR_MS = 15 * 60_000;
const MOST_PER_READ = 1_000;

type Change = {
  readonly sequenceNumber: string;
  readonly at: number;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly isExpiry: boolean;
  /** The event that was made of it, the same for every reader. */
  event?: object;
};

type Shard = {
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly openedAt: number;
  isClosed: boolean;
  readonly changes: Change[];
  /** How many of the oldest are gone. */
  trimmed: number;
};

export type ChangeStream = {
  readonly add: (key: string, before: Item | undefined, after: Item | undefined, isExpiry: boolean) => void;
  /** Reads it in the form in which Lambda hands records over. Any number of readers; each keeps its own place. */
  readonly reader: (streamArn: string, account: Account) => ShardReader;
};

/** What a stream answers when asked wrongly. */
const streamError = (name: string, message: string): Error =>
  Object.assign(new InternalServerError({ message, $metadata: metadata(400) }), { name, $fault: 'client' });

/** A value in the form of JSON, bytes in base64. */
const jsonValue = (value: Value): object => {
  if ('B' in value) return { B: Buffer.from(value.B).toString('base64') };
  if ('BS' in value) return { BS: value.BS.map((bytes) => Buffer.from(bytes).toString('base64')) };
  if ('L' in value) return { L: value.L.map(jsonValue) };
  return 'M' in value ? { M: jsonItem(value.M) } : { ...value };
};

/** An item in the form in which streams and AppSync tell it: bytes in base64. */
export const jsonItem = (item: Item): Record<string, object> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, jsonValue(value)]));

export const changeStream = (view: StreamView, keyNames: readonly string[], now: () => number): ChangeStream => {
  const shards: Shard[] = [];
  let count = 0;
  const listeners: (() => void)[] = [];

  const open = (parents: readonly string[]): Shard => {
    const shard: Shard = {
      shardId: `shardId-${String(now()).padStart(20, '0')}-${String(shards.length).padStart(8, '0')}`,
      parents,
      openedAt: now(),
      isClosed: false,
      changes: [],
      trimmed: 0,
    };
    shards.push(shard);
    return shard;
  };
  const current = Array.from({ length: SHARDS }, () => open([]));

  const shardFor = (key: string): Shard => {
    const slot = hashOf(key) % SHARDS;
    const shard = current[slot] as Shard;
    if (now() - shard.openedAt < SHARD_MS) return shard;
    shard.isClosed = true;
    const child = open([shard.shardId]);
    current[slot] = child;
    return child;
  };

  const trim = (shard: Shard): void => {
    const oldest = now() - KEPT_MS;
    if ((shard.changes[0]?.at ?? oldest) >= oldest) return;
    const first = shard.changes.findIndex(({ at }) => at >= oldest);
    const gone = first < 0 ? shard.changes.length : first;
    shard.changes.splice(0, gone);
    shard.trimmed += gone;
  };

  const find = (shardId: string): Shard => {
    const shard = shards.find((candidate) => candidate.shardId === shardId);
    if (shard === undefined)
      throw streamError('ResourceNotFoundException', `Requested resource not found: Shard: ${shardId} not found`);
    return shard;
  };

  const eventOf = (change: Change, eventSourceARN: string, awsRegion: string): object => {
    const { before, after, sequenceNumber, at, isExpiry } = change;
    const item = after ?? before ?? {};
    const Keys = Object.fromEntries(keyNames.map((name) => [name, item[name] as Value]));
    const shows = (image: StreamView): boolean => view === 'NEW_AND_OLD_IMAGES' || view === image;
    return {
      eventID: `${sequenceNumber}`,
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion,
      dynamodb: {
        // Whole seconds, as the service tells it.
        ApproximateCreationDateTime: Math.floor(at / 1_000),
        Keys: jsonItem(Keys),
        ...(after && shows('NEW_IMAGE') && { NewImage: jsonItem(after) }),
        ...(before && shows('OLD_IMAGE') && { OldImage: jsonItem(before) }),
        SequenceNumber: sequenceNumber,
        SizeBytes: itemBytes(Keys) + (after ? itemBytes(after) : 0) + (before ? itemBytes(before) : 0),
        StreamViewType: view,
      },
      eventSourceARN,
      ...(isExpiry && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    };
  };

  return {
    add: (key, before, after, isExpiry) => {
      count += 1;
      shardFor(key).changes.push({
        sequenceNumber: `1${String(count).padStart(20, '0')}`,
        at: now(),
        before,
        after,
        isExpiry,
      });
      for (const listener of listeners) listener();
    },
    reader: (streamArn, { region }) => ({
      batchInfo: 'DDBStreamBatchInfo',
      onWritten: (listener) => void listeners.push(listener),
      shards: async () => {
        const oldest = now() - KEPT_MS - SHARD_MS;
        return shards
          .filter(({ isClosed, openedAt }) => !isClosed || openedAt >= oldest)
          .map(({ shardId, parents }) => ({ shardId, parents }));
      },
      iterator: async (shardId, after) => {
        const shard = find(shardId);
        trim(shard);
        const next = after === undefined ? 0 : shard.changes.findIndex(({ sequenceNumber }) => sequenceNumber > after);
        const position = shard.trimmed + (next < 0 ? shard.changes.length : next);
        return [shardId, position, now()].join('|');
      },
      read: async (iterator, _shardId, limit) => {
        const [shardId = '', position, madeAt] = iterator.split('|');
        if (now() - Number(madeAt) > ITERATOR_MS)
          throw streamError('ExpiredIteratorException', 'The shard iterator has expired');
        const shard = find(shardId);
        trim(shard);
        const first = Number(position) - shard.trimmed;
        if (first < 0)
          throw streamError(
            'TrimmedDataAccessException',
            'The operation attempted to read past the oldest stream record',
          );
        const changes = shard.changes.slice(first, first + Math.min(limit, MOST_PER_READ));
        const end = first + changes.length;
        return {
          next:
            shard.isClosed && end === shard.changes.length
              ? undefined
              : [shardId, shard.trimmed + end, now()].join('|'),
          records: changes.map((change): StreamRecord => {
            change.event ??= eventOf(change, streamArn, region);
            const { event } = change;
            return { sequenceNumber: change.sequenceNumber, arrivedAt: change.at, filterable: () => event, event };
          }),
        };
      },
    }),
  };
};
