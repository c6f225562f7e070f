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
    maxBatchingWindow: Duration.seconds(batchWindowSeconds),
    // One batch per shard at a time: with more, two batches of a shard would meet at the guard and retry each other.
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    maxRecordAge,
    onFailure: { bind: () => parked.failuresOf(consumer) },
  });
};

/** Wakes somebody up when a consumer is behind its streams for three minutes, and when a record can be kept nowhere. */
export const sourceAlarms = (
  consumer: BundledFunction<unknown>,
  deployment: Deployment,
  maxLag: Duration,
  means: string,
): void => {
  alarm(consumer, 'Lag', deployment, {
    metric: consumer.lambda.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
    above: maxLag.toMilliseconds(),
    periods: 3,
    means,
  });
  alarm(consumer, 'Unparked', deployment, {
    metric: consumer.lambda.metric('DestinationDeliveryFailures', { period: Duration.minutes(1), statistic: 'Sum' }),
    above: 0,
    means:
      'The parked bucket did not take what was given up: records are being lost. Mend the bucket and its policy at once.',
  });
};
