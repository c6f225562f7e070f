import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { alarm } from './alarm.ts';
import { BundledFunction, type Environment } from './bundled-function.ts';
import type { ParkedRecords } from './parked-records.ts';

/** What every consumer of ordered records is configured with beside what it does. */
type Parking = { readonly PARKED_BUCKET: string; readonly STAGE: string };

export type OrderedConsumerProps<Env> = {
  readonly deployment: Deployment;
  readonly parked: ParkedRecords;
  /** Folder below `lambdas/`. */
  readonly entry: string;
  /** Without PARKED_BUCKET and STAGE: they are added. */
  readonly environment: Environment<Omit<Env, keyof Parking>>;
  /** The alarm rises when records wait longer. Default 1 minute. */
  readonly maxLag?: Duration;
};

/** The Lambda that records are handed to in order. */
export const orderedConsumer = <Env>(scope: Construct, props: OrderedConsumerProps<Env>): BundledFunction<unknown> => {
  const { deployment, parked, entry, environment } = props;
  return new BundledFunction<Omit<Env, keyof Parking> & Parking>(scope, 'Consumer', {
    deployment,
    entry,
    environment: { ...environment, PARKED_BUCKET: parked.bucket.bucketName, STAGE: deployment.name },
    memoryMiB: deployment.stage.projectorMemoryMiB,
    timeout: Duration.minutes(1),
  });
};

export type OrderedSourceProps = {
  readonly deployment: Deployment;
  readonly consumer: BundledFunction<unknown>;
  /** ARN of the stream, or of its consumer with enhanced fan-out. */
  readonly stream: string;
  readonly parked: ParkedRecords;
  /** Older records are parked; less than the stream keeps. */
  readonly maxRecordAge: Duration;
  /** How long a batch is filled, where nobody waits for what comes of it. Default: the stage's. */
  readonly batchWindow?: Duration | undefined;
};

/**
 * Feeds a stream to a Lambda in order, so that an outage loses nothing: records are retried until they are too old, however
 * often that is (the consumer parks by itself what fails for good), and the parked bucket takes what remains.
 */
export const orderedSource = (scope: Construct, id: string, props: OrderedSourceProps): void => {
  const { deployment, consumer, stream, parked, maxRecordAge } = props;
  const { batchSize, batchWindowSeconds } = deployment.stage;
  new EventSourceMapping(scope, id, {
    target: consumer.lambda,
    eventSourceArn: stream,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize,
    maxBatchingWindow: props.batchWindow ?? Duration.seconds(batchWindowSeconds),
    // One batch per shard at a time: with more, two batches of a shard would meet at the guard and retry each other.
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    maxRecordAge,
    onFailure: { bind: () => parked.failuresOf(consumer) },
  });
};

export type SourceAlarmsProps = {
  readonly deployment: Deployment;
  /** Default 1 minute. */
  readonly maxLag?: Duration | undefined;
  readonly maxRecordAge: Duration;
  /** What is late while the consumer is behind. */
  readonly means: string;
};

/** Wakes somebody up when a consumer is behind its streams for three minutes, and before records are parked for their age. */
export const sourceAlarms = (consumer: BundledFunction<unknown>, props: SourceAlarmsProps): void => {
  const { deployment, maxLag = Duration.minutes(1), maxRecordAge, means } = props;
  const metric = consumer.lambda.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' });
  alarm(consumer, 'Lag', deployment, {
    metric,
    when: { above: maxLag.toMilliseconds() },
    periods: 3,
    means,
    runbook: 'a-consumer-is-behind',
  });
  alarm(consumer, 'Expiring', deployment, {
    metric,
    when: { above: maxRecordAge.toMilliseconds() / 2 },
    means: `Records wait for half of the ${maxRecordAge.toHours()} hours after which they are given up and parked.`,
    runbook: 'records-are-about-to-expire',
  });
};
