import { Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { alarm } from '../constructs/alarm.ts';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import { removalPolicy } from '../constructs/removal-policy.ts';
import type { Deployment } from '../deployment.ts';

/** The stream of raw frames, keyed by station: everything the stack knows can be rebuilt from it. */
export class OcppStream extends Construct {
  readonly stream: Stream;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    const { stage } = deployment;
    this.stream = new Stream(this, 'Stream', {
      // A million chargers make 3 MB/s: provisioned shards are cheaper than on-demand at every size.
      streamMode: StreamMode.PROVISIONED,
      shardCount: stage.shards,
      retentionPeriod: Duration.hours(stage.streamRetentionHours),
      encryption: StreamEncryption.MANAGED,
      removalPolicy: removalPolicy(stage),
    });
    alarm(this, 'Refusals', deployment, {
      metric: this.stream.metricWriteProvisionedThroughputExceeded({ period: Duration.minutes(1), statistic: 'Sum' }),
      when: { above: 0 },
      periods: 3,
      means: 'The stream refuses records. Chargers get an error and repeat, nothing is lost.',
      runbook: 'the-stream-refuses-records',
    });
  }

  writableBy(producer: BundledFunction<unknown>): void {
    producer.allow(['kinesis:PutRecord'], this.stream.streamArn);
  }
}
