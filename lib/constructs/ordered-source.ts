import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { alarm } from './alarm.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { ParkedRecords } from './parked-records.ts';

export type OrderedSourceProps = {
  readonly deployment: Deployment;
  readonly consumer: BundledFunction<unknown>;
  /** ARN of the stream. */
  readonly stream: string;
  readonly parked: ParkedRecords;
  /** Older records are parked; less than the stream keeps. */
  readonly maxRecordAge: Duration;
};

/**
 * Feeds a stream to a Lambda in order, so that a poison record can neither block its shard nor vanish: bounded retries,
 * bisected batches, partial answers, and the parked bucket for what remains.
 */
export const orderedSource = (scope: Construct, id: string, props: OrderedSourceProps): void => {
  const { deployment, consumer, stream, parked, maxRecordAge } = props;
  const { batchSize, batchWindowSeconds, retryAttempts } = deployment.stage;
  new EventSourceMapping(scope, id, {
    target: consumer.lambda,
    eventSourceArn: stream,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize,
    maxBatchingWindow: Duration.seconds(batchWindowSeconds),
    // One batch per shard at a time: with more, two batches of a shard would meet at the guard and retry each other.
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts,
    maxRecordAge,
    onFailure: { bind: () => parked.failuresOf(consumer) },
  });
};

/** Wakes somebody up when a consumer is behind its streams for three minutes. */
export const lagAlarm = (
  consumer: BundledFunction<unknown>,
  deployment: Deployment,
  maxLag: Duration,
  means: string,
): void =>
  alarm(consumer, 'Lag', deployment, {
    metric: consumer.lambda.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
    above: maxLag.toMilliseconds(),
    periods: 3,
    means,
  });
