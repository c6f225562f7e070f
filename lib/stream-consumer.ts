import { Duration } from 'aws-cdk-lib';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { alarm } from './alarm.ts';
import { BundledFunction, type Environment } from './bundled-function.ts';
import type { Deployment } from './deployment.ts';
import type { ParkedRecords } from './parked-records.ts';

export type StreamConsumerProps<Env> = {
  readonly deployment: Deployment;
  readonly stream: IStream;
  readonly parked: ParkedRecords;
  /** Folder below `lambdas/`. */
  readonly entry: string;
  /** Without PARKED_BUCKET: the construct adds it. */
  readonly environment: Environment<Omit<Env, 'PARKED_BUCKET'>>;
  /** The alarm rises when records wait longer. Default 1 minute. */
  readonly maxLag?: Duration;
};

/**
 * A Lambda that reads a Kinesis stream in order and can neither be blocked by a poison record nor lose one: bounded retries,
 * bisected batches, partial answers, and a bucket for what remains.
 */
export class StreamConsumer<Env> extends Construct {
  readonly consumer: BundledFunction<unknown>;

  constructor(scope: Construct, id: string, props: StreamConsumerProps<Env>) {
    super(scope, id);
    const { deployment, stream, parked, entry } = props;
    const { stage } = deployment;
    this.consumer = new BundledFunction<Omit<Env, 'PARKED_BUCKET'> & { PARKED_BUCKET: string }>(this, 'Consumer', {
      deployment,
      entry,
      environment: { ...props.environment, PARKED_BUCKET: parked.bucket.bucketName },
      memoryMiB: stage.projectorMemoryMiB,
      timeout: Duration.minutes(1),
    });
    this.consumer.allow(
      [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      stream.streamArn,
    );
    new EventSourceMapping(this, 'Source', {
      target: this.consumer.lambda,
      eventSourceArn: stream.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: stage.batchSize,
      maxBatchingWindow: Duration.seconds(stage.batchWindowSeconds),
      // One batch per shard at a time: with more, a station's order would hold but the guard would meet its own retries.
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: stage.retryAttempts,
      maxRecordAge: Duration.hours(stage.maxRecordAgeHours),
      onFailure: { bind: () => parked.failuresOf(this.consumer) },
    });
    const maxLag = props.maxLag ?? Duration.minutes(1);
    alarm(this, 'Lag', deployment, {
      metric: this.consumer.lambda.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      above: maxLag.toMilliseconds(),
      periods: 3,
      means: `${entry} is behind its stream: look at its errors first, then add shards or memory (stages.ts).`,
    });
  }
}
