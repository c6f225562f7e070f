import { tableInArn } from '../../local/dynamodb/dynamodb-table.ts';
import { noJournal } from '../../local/journal.ts';
import { type Checkpoints, openCheckpoints } from '../../local/lambda/event-sources/checkpoints.ts';
import { eventSourceMapping } from '../../local/lambda/event-sources/event-source-mapping.ts';
import type { Poller, ShardReader } from '../../local/lambda/event-sources/poll-shards.ts';
import { isOfQueue, queueSource } from '../../local/lambda/event-sources/queue-source.ts';
import { startEventSource } from '../../local/lambda/event-sources/start-event-source.ts';
import type { FailureRecord } from '../../local/lambda/failure-record.ts';
import type { LocalSystem } from '../../local/local-system.ts';
import type { Random } from '../../simulator/random.ts';
import { consumeQueue } from './consume-queue.ts';
import type { Deployed } from './deployed.ts';
import type { SimulatedServices } from './simulated-services.ts';

export type EventSourcePorts = {
  readonly services: Pick<SimulatedServices, 'dynamodb' | 'kinesis' | 'sqs'>;
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly deliverFailure: (destination: string, failure: FailureRecord) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly system: LocalSystem;
  readonly chance: Random;
};

export type SimulatedEventSources = {
  /** Begins to read a stream a second time, from where the first reader is; the result ends it. */
  readonly readTwice: (chance: Random) => () => Promise<void>;
  /** The queues somebody reads, by ARN. */
  readonly readQueues: ReadonlySet<string>;
};

/** Readers are woken when something was written, and when a shard ends: they look by themselves only so that no iterator expires. */
const POLLING = { wokenAfterMs: 0, busyPollMs: 60_000, idlePollMs: 4 * 60_000, discoverEveryMs: 4 * 60_000 };
/** A record waits this long until the event source of Lambda asks for it, ms. */
const POLLED_WITHIN_MS = 1_000;

/** Checkpoints of a second reader, which begins where the first one is. */
const copied = (first: Checkpoints): Checkpoints => {
  const place = new Map(first.all());
  return {
    of: (shardId) => place.get(shardId),
    all: () => [...place],
    set: (shardId, sequenceNumber) => void place.set(shardId, sequenceNumber),
  };
};

/** Starts the event sources of the template: streams with batching, halving, retries and parking, and queues. */
export const simulatedEventSources = async (
  { account, deployment }: Deployed,
  { services, invoke, deliverFailure, report, system, chance }: EventSourcePorts,
): Promise<SimulatedEventSources> => {
  const { dynamodb, kinesis, sqs } = services;

  /** Lambda asks for records a while after they were written, and gets what has come together by then. */
  const polled = (reader: ShardReader): ShardReader => ({
    ...reader,
    onWritten: (wake) => {
      let isPlanned = false;
      reader.onWritten?.(() => {
        if (isPlanned) return;
        isPlanned = true;
        system.after(chance.between(10, POLLED_WITHIN_MS), () => {
          isPlanned = false;
          wake();
        });
      });
    },
  });
  const readStream = (arn: string): ShardReader =>
    polled(arn.includes(':kinesis:') ? kinesis.reader(arn, account) : dynamodb.stream(tableInArn(arn), arn, account));

  const mappings = deployment.all(eventSourceMapping).filter(({ properties }) => properties.Enabled);
  const [ofQueues, ofStreams] = [mappings.filter(isOfQueue), mappings.filter((mapping) => !isOfQueue(mapping))];
  for (const { properties } of ofQueues)
    consumeQueue(
      sqs,
      {
        queueArn: properties.EventSourceArn,
        batchSize: Math.min(properties.BatchSize, 10),
        consume: queueSource(properties, invoke),
      },
      system,
    );
  const follow = (mapping: (typeof ofStreams)[number], checkpoints: Checkpoints): Poller =>
    startEventSource(mapping, readStream(mapping.properties.EventSourceArn), {
      invoke,
      deliverFailure,
      report,
      system,
      checkpoints,
      handedOver: () => {},
      polling: POLLING,
    });
  const checkpointsOf = await openCheckpoints(async () => noJournal(), report);
  for (const mapping of ofStreams) follow(mapping, checkpointsOf(mapping.logicalId));
  return {
    readTwice: (chosen) => {
      const mapping = ofStreams[chosen.integer(0, ofStreams.length - 1)];
      if (mapping === undefined) return async () => {};
      return follow(mapping, copied(checkpointsOf(mapping.logicalId))).stop;
    },
    readQueues: new Set(ofQueues.map(({ properties }) => properties.EventSourceArn)),
  };
};
