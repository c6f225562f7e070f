import { Duration } from 'aws-cdk-lib';
import { type IStreamConsumer, Stream, StreamConsumer, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { alarm } from '../constructs/alarm.ts';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import { removalPolicy } from '../constructs/removal-policy.ts';
import type { Deployment } from '../deployment.ts';
import type { OcppStream } from './ocpp-stream.ts';

/**
 * The stream of signals and of what happens at controlled sites, keyed by site. A small stage shares the stream of OCPP frames:
 * a shard costs more than everything else there. Both consumers know their records by their kind.
 */
export class SignalStream extends Construct {
  readonly stream: Stream;
  /** Pushes records to its reader; absent where they are asked for. */
  readonly fanOut?: IStreamConsumer;

  constructor(scope: Construct, id: string, deployment: Deployment, ocpp: OcppStream) {
    super(scope, id);
    const { stage } = deployment;
    this.stream = stage.signalShards === 0 ? ocpp.stream : this.#own(deployment, stage.signalShards);
    if (stage.signalShards > 0 && stage.signalFanOut)
      this.fanOut = new StreamConsumer(this, 'FanOut', { stream: this.stream, streamConsumerName: 'allocate-site' });
  }

  writableBy(producer: BundledFunction<unknown>): void {
    producer.allow(['kinesis:PutRecords'], this.stream.streamArn);
  }

  #own(deployment: Deployment, shardCount: number): Stream {
    const { stage } = deployment;
    const stream = new Stream(this, 'Stream', {
      streamMode: StreamMode.PROVISIONED,
      shardCount,
      retentionPeriod: Duration.hours(stage.streamRetentionHours),
      encryption: StreamEncryption.MANAGED,
      removalPolicy: removalPolicy(stage),
    });
    alarm(this, 'Refusals', deployment, {
      metric: stream.metricWriteProvisionedThroughputExceeded({ period: Duration.minutes(1), statistic: 'Sum' }),
      when: { above: 0 },
      periods: 3,
      means: 'The stream of signals refuses records: meter readings from MQTT are lost meanwhile.',
      runbook: 'the-stream-refuses-records',
    });
    return stream;
  }
}
