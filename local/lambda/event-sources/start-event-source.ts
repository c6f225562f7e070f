import { matchesPattern } from '../../eventbridge/matches-pattern.ts';
import { StackStops } from '../../kept-tasks.ts';
import { type LocalSystem, pauses } from '../../local-system.ts';
import type { Resource } from '../../template/resource-kind.ts';
import { type FailureRecord, failureKey } from '../failure-record.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { MappingProperties } from './event-source-mapping.ts';
import { type Poller, pollShards, type ShardReader, type StreamRecord } from './poll-shards.ts';
import { eagerPolling, type Polling } from './polling.ts';
import { type GivenUp, processBatch } from './process-batch.ts';

export type EventSourcePorts = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Delivers an invocation record to an S3 bucket, SQS queue or SNS topic by ARN. */
  readonly deliverFailure: (destination: string, failure: FailureRecord) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly system: LocalSystem;
  readonly checkpoints: Checkpoints;
  /** A batch is about to be handed over; its oldest record arrived then, ms since the epoch. */
  readonly handedOver: (oldestArrivedAt: number) => void;
  /** Default: as on a machine whose processor others use too. */
  readonly polling?: Polling;
};

/** Wait before the first retry, doubling with each. AWS does not document its own waits. */
const firstRetryMs = 50;
const longestRetryMs = 5_000;
/** A batch that takes longer is cut short when the stack stops: its records come again with the next start, if they are kept. */
const STOPS_WITHIN_MS = 2_000;

/** Runs one stream event source mapping until stopped; batches that were handed over then have a moment to end. */
export const startEventSource = (
  mapping: Resource<MappingProperties>,
  reader: ShardReader,
  ports: EventSourcePorts,
): Poller => {
  const { logicalId, properties } = mapping;
  const retries = properties.MaximumRetryAttempts;
  const age = properties.MaximumRecordAgeInSeconds;
  const settings = {
    bisect: properties.BisectBatchOnFunctionError,
    reportsItemFailures: properties.FunctionResponseTypes !== undefined,
    maximumRetries: retries < 0 ? undefined : retries,
    maximumAgeMs: age < 0 ? undefined : age * 1_000,
  };
  const patterns = properties.FilterCriteria?.Filters.map((filter) => JSON.parse(filter.Pattern));
  const wanted = (record: StreamRecord) =>
    patterns === undefined || patterns.some((pattern) => matchesPattern(pattern, record.filterable()));

  let stopping = false;
  const retryPauses = pauses(ports.system);
  const pause = async (retry: number) => {
    await retryPauses.pause(Math.min(firstRetryMs * 2 ** (retry - 1), longestRetryMs));
    return !stopping;
  };

  /** An invocation that the end of the stack cut short says nothing about its records: it is no failure of theirs. */
  const invoke = async (batch: readonly StreamRecord[]) => {
    try {
      return await ports.invoke(properties.FunctionName, { Records: batch.map(({ event }) => event) });
    } catch (error) {
      throw stopping ? new StackStops() : error;
    }
  };
  const handle = (shardId: string, records: readonly StreamRecord[]) =>
    processBatch(records.filter(wanted), settings, {
      invoke: (batch) => {
        ports.handedOver(batch[0]?.arrivedAt ?? ports.system.clock());
        return invoke(batch);
      },
      giveUp: async (batch, why) => {
        const destination = properties.DestinationConfig?.OnFailure.Destination;
        ports.report(
          `${logicalId} gave up ${batch.length} record(s) of ${shardId} after ${why.invocations} attempts: ${why.reason}`,
        );
        if (destination === undefined) return;
        const failed = { shardId, records: batch, why };
        await ports.deliverFailure(destination, failureRecord(mapping, reader.batchInfo, failed, ports.system));
      },
      now: ports.system.clock,
      pause,
    });

  const poller = pollShards(
    reader,
    {
      batchSize: properties.BatchSize,
      windowMs: properties.MaximumBatchingWindowInSeconds * 1_000,
      ...(ports.polling ?? eagerPolling),
      system: ports.system,
      checkpoints: ports.checkpoints,
    },
    handle,
    (problem) => ports.report(`${logicalId}: ${problem instanceof Error ? problem.message : String(problem)}`),
  );
  return {
    state: poller.state,
    stop: async () => {
      stopping = true;
      retryPauses.stop();
      await Promise.race([poller.stop(), ports.system.sleep(STOPS_WITHIN_MS)]);
    },
  };
};

/** Records of a shard that were given up together. */
type FailedBatch = { readonly shardId: string; readonly records: readonly StreamRecord[]; readonly why: GivenUp };

/** The invocation record of a failed batch, as AWS writes it; `batchInfo` names the part about the kind of stream. */
const failureRecord = (
  { logicalId, properties }: Resource<MappingProperties>,
  batchInfo: ShardReader['batchInfo'],
  { shardId, records, why }: FailedBatch,
  system: LocalSystem,
): FailureRecord => {
  const at = system.clock();
  const arrival = (record: StreamRecord | undefined) => new Date(record?.arrivedAt ?? at).toISOString();
  return {
    objectKey: failureKey(`${logicalId}/${shardId}`, at, system.uuid()),
    record: {
      requestContext: {
        requestId: system.uuid(),
        functionArn: properties.FunctionName,
        condition: why.condition,
        approximateInvokeCount: why.invocations,
      },
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: why.functionFailed ? 'Unhandled' : undefined,
      },
      version: '1.0',
      timestamp: new Date(at).toISOString(),
      [batchInfo]: {
        shardId,
        startSequenceNumber: records.at(0)?.sequenceNumber,
        endSequenceNumber: records.at(-1)?.sequenceNumber,
        approximateArrivalOfFirstRecord: arrival(records.at(0)),
        approximateArrivalOfLastRecord: arrival(records.at(-1)),
        batchSize: records.length,
        streamArn: properties.EventSourceArn,
      },
    },
    payload: JSON.stringify({ Records: records.map(({ event }) => event) }),
  };
};
