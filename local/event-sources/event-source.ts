import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { matchesPattern } from '../eventbridge/event-pattern.ts';
import { arnOf, ignored, type Resource, type ResourceKind } from '../template/resource-kind.ts';
import { type Poller, pollShards, type ShardReader, type StreamRecord } from './shard-poller.ts';
import { type GivenUp, processBatch } from './stream-batch.ts';

const Mapping = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().default(100),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }).optional(),
  Enabled: z.boolean().default(true),
  FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).optional(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  MaximumRecordAgeInSeconds: z.number().default(-1),
  MaximumRetryAttempts: z.number().default(-1),
  // Order per key holds with any factor; one batch per shard at a time keeps it simple.
  ParallelizationFactor: ignored,
  // The stream is created at boot just before: there is nothing older than LATEST.
  StartingPosition: ignored,
  Tags: ignored,
  MetricsConfig: ignored,
});
export type MappingProperties = z.infer<typeof Mapping>;

export const eventSourceMapping: ResourceKind<MappingProperties> = {
  type: 'AWS::Lambda::EventSourceMapping',
  properties: Mapping,
  physical: (logicalId, _properties, account) => ({
    ref: logicalId,
    attributes: { Id: logicalId, EventSourceMappingArn: arnOf('lambda', `event-source-mapping:${logicalId}`, account) },
  }),
};

export type EventSourcePorts = {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** Delivers an invocation record to an S3 bucket, SQS queue or SNS topic by ARN. */
  readonly deliverFailure: (destination: string, failure: FailedBatch) => Promise<void>;
  readonly report: (problem: string) => void;
  readonly now: () => number;
  /** A batch is about to be handed over; its oldest record arrived then, ms since the epoch. */
  readonly handedOver: (oldestArrivedAt: number) => void;
};

/** What a destination is told: S3 gets a stream's records as `payload` too, queues and topics only what stands in `record`. */
export type FailedBatch = {
  readonly key: string;
  readonly record: { readonly [key: string]: unknown };
  readonly payload: string | undefined;
};

/** Polled often while records flow, seldom while they do not: an idle stack should not heat the laptop. */
const busyPollMs = 40;
const idlePollMs = 250;
/** First retry after this, doubling; the service waits longer, and a person in front of a screen should not. */
const firstRetryMs = 50;
const longestRetryMs = 5_000;

/** Runs one stream event source mapping until stopped. */
export const startEventSource = (
  { logicalId, properties }: Resource<MappingProperties>,
  reader: ShardReader,
  ports: EventSourcePorts,
): Poller => {
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
  const sleepers = new Set<() => void>();
  const pause = (retry: number) =>
    new Promise<boolean>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        sleepers.delete(wake);
        resolve(!stopping);
      };
      const timer = setTimeout(wake, Math.min(firstRetryMs * 2 ** (retry - 1), longestRetryMs));
      sleepers.add(wake);
      if (stopping) wake();
    });

  const handle = (shardId: string, records: readonly StreamRecord[]) =>
    processBatch(records.filter(wanted), settings, {
      invoke: (batch) => {
        ports.handedOver(batch[0]?.arrivedAt ?? ports.now());
        return ports.invoke(properties.FunctionName, { Records: batch.map(({ event }) => event) });
      },
      giveUp: async (batch, why) => {
        const destination = properties.DestinationConfig?.OnFailure.Destination;
        ports.report(
          `${logicalId} gave up ${batch.length} record(s) of ${shardId} after ${why.invocations} attempts: ${why.reason}`,
        );
        if (destination === undefined) return;
        await ports.deliverFailure(
          destination,
          failedBatch(logicalId, properties, reader, shardId, batch, why, ports.now()),
        );
      },
      now: ports.now,
      pause,
    });

  const poller = pollShards(
    reader,
    {
      batchSize: properties.BatchSize,
      windowMs: properties.MaximumBatchingWindowInSeconds * 1_000,
      busyPollMs,
      idlePollMs,
    },
    handle,
    (problem) => ports.report(`${logicalId}: ${problem instanceof Error ? problem.message : String(problem)}`),
  );
  return {
    wake: poller.wake,
    stop: async () => {
      stopping = true;
      for (const wake of [...sleepers]) wake();
      await poller.stop();
    },
  };
};

const failedBatch = (
  mappingId: string,
  properties: MappingProperties,
  reader: ShardReader,
  shardId: string,
  records: readonly StreamRecord[],
  why: GivenUp,
  nowMs: number,
): FailedBatch => {
  const timestamp = new Date(nowMs).toISOString();
  const [date = '', time = ''] = timestamp.slice(0, 19).split('T');
  const arrival = (record: StreamRecord | undefined) => new Date(record?.arrivedAt ?? nowMs).toISOString();
  return {
    key: `aws/lambda/${mappingId}/${shardId}/${date.replaceAll('-', '/')}/${date}T${time.replaceAll(':', '.')}-${randomUUID()}`,
    record: {
      requestContext: {
        requestId: randomUUID(),
        functionArn: properties.FunctionName,
        condition: why.condition,
        approximateInvokeCount: why.invocations,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp,
      [reader.batchInfo]: {
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
