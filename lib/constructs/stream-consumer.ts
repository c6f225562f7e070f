import { Duration } from 'aws-cdk-lib';
import type { IStream, IStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { BundledFunction, type Environment } from './bundled-function.ts';
import { orderedSource, sourceAlarms } from './ordered-source.ts';
import type { ParkedRecords } from './parked-records.ts';

export type StreamConsumerProps<Env> = {
  readonly deployment: Deployment;
  readonly stream: IStream;
  /** Pushes the stream's records; without it they are asked for once a second. */
  readonly fanOut?: IStreamConsumer | undefined;
  readonly parked: ParkedRecords;
  /** Folder below `lambdas/`. */
  readonly entry: string;
  /** Without PARKED_BUCKET and STAGE: the construct adds them. */
  readonly environment: Environment<Omit<Env, 'PARKED_BUCKET' | 'STAGE'>>;
  /** The alarm rises when records wait longer. Default 1 minute. */
  readonly maxLag?: Duration;
};

/** A Lambda that reads a Kinesis stream in order and can neither be blocked by a poison record nor lose one (`orderedSource`). */
export class StreamConsumer<Env> extends Construct {
  readonly consumer: BundledFunction<unknown>;

  constructor(scope: Construct, id: string, props: StreamConsumerProps<Env>) {
    super(scope, id);
    const { deployment, stream, fanOut, parked, entry } = props;
    const { stage } = deployment;
    this.consumer = new BundledFunction<
      Omit<Env, 'PARKED_BUCKET' | 'STAGE'> & { PARKED_BUCKET: string; STAGE: string }
    >(this, 'Consumer', {
      deployment,
      entry,
      environment: { ...props.environment, PARKED_BUCKET: parked.bucket.bucketName, STAGE: deployment.name },
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
    if (fanOut !== undefined) this.consumer.allow(['kinesis:SubscribeToShard'], fanOut.streamConsumerArn);
    const maxRecordAge = Duration.hours(stage.maxRecordAgeHours);
    orderedSource(this, 'Source', {
      deployment,
      consumer: this.consumer,
      stream: fanOut?.streamConsumerArn ?? stream.streamArn,
      parked,
      maxRecordAge,
    });
    sourceAlarms(this.consumer, {
      deployment,
      maxLag: props.maxLag ?? Duration.minutes(1),
      maxRecordAge,
      means: `${entry} is behind its stream: live state is late.`,
    });
  }
}
