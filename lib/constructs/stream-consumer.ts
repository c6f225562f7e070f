import { Duration } from 'aws-cdk-lib';
import type { IStream, IStreamConsumer } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import { type OrderedConsumerProps, orderedConsumer, orderedSource, sourceAlarms } from './ordered-source.ts';

export type StreamConsumerProps<Env> = OrderedConsumerProps<Env> & {
  readonly stream: IStream;
  /** Pushes the stream's records; without it they are asked for once a second. */
  readonly fanOut?: IStreamConsumer | undefined;
};

/** A Lambda that reads a Kinesis stream in order and can neither be blocked by a poison record nor lose one (`orderedSource`). */
export class StreamConsumer<Env> extends Construct {
  readonly consumer: BundledFunction<unknown>;

  constructor(scope: Construct, id: string, props: StreamConsumerProps<Env>) {
    super(scope, id);
    const { deployment, stream, fanOut, parked, entry, maxLag } = props;
    this.consumer = orderedConsumer(this, props);
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
    const maxRecordAge = Duration.hours(deployment.stage.maxRecordAgeHours);
    orderedSource(this, 'Source', {
      deployment,
      consumer: this.consumer,
      stream: fanOut?.streamConsumerArn ?? stream.streamArn,
      parked,
      maxRecordAge,
    });
    sourceAlarms(this.consumer, {
      deployment,
      maxLag,
      maxRecordAge,
      means: `${entry} is behind its stream: live state is late.`,
    });
  }
}
