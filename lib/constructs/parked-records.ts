import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { acknowledge } from './acknowledge.ts';
import { alarm } from './alarm.ts';
import type { BundledFunction } from './bundled-function.ts';
import { removalPolicy } from './removal-policy.ts';

/** Why a policy on the bucket cannot name its objects. */
export const keysAreNew = 'Keys are made when a record is parked.';

/**
 * The bucket for records that no retry can save. A bucket and not a queue: when retries are exhausted, queues and topics get
 * metadata only, S3 gets the records themselves.
 */
export class ParkedRecords extends Construct {
  readonly bucket: Bucket;
  readonly #deployment: Deployment;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.#deployment = deployment;
    const { stage } = deployment;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        { expiration: Duration.days(stage.parkedRetentionDays), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: removalPolicy(stage),
    });
    acknowledge(
      this.bucket,
      'S1',
      'Written only by this stack and read only by its operators; a second bucket of access logs would tell no more than CloudTrail.',
    );
    this.#notify(deployment);
    alarm(this, 'NotParked', deployment, {
      metric: new Metric({
        namespace: 'Wattstream',
        metricName: 'RecordsNotParked',
        dimensionsMap: { Stage: deployment.name },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      when: { above: 0 },
      periods: 3,
      means:
        'The parked bucket does not take records: what cannot be processed waits on its stream, and what follows it.',
      runbook: 'a-failure-could-not-be-kept',
    });
  }

  /** Objects whose keys begin with a prefix; keys are made when a record is parked. */
  keys(prefix = ''): string {
    return this.bucket.arnForObjects(`${prefix}*`);
  }

  /** Lets a function park records: write, never read, list or delete. */
  writableBy(consumer: BundledFunction<unknown>): void {
    consumer.allowPattern(['s3:PutObject'], this.keys(), keysAreNew);
  }

  /**
   * Where Lambda leaves what it gave up on (under `aws/lambda/`): for event-source mappings and asynchronous calls. Comes
   * with the alarm for what can be left nowhere, one per function however many sources it has.
   */
  failuresOf(consumer: BundledFunction<unknown>): { readonly destination: string } {
    this.writableBy(consumer);
    consumer.allow(['s3:ListBucket'], this.bucket.bucketArn);
    if (consumer.node.tryFindChild('Unparked') === undefined)
      alarm(consumer, 'Unparked', this.#deployment, {
        metric: consumer.lambda.metric('DestinationDeliveryFailures', {
          period: Duration.minutes(1),
          statistic: 'Sum',
        }),
        when: { above: 0 },
        means: 'The parked bucket did not take what was given up: records are being lost.',
        runbook: 'a-failure-could-not-be-kept',
      });
    return { destination: this.bucket.bucketArn };
  }

  #resource(): CfnBucket {
    const resource = this.bucket.node.defaultChild;
    if (resource instanceof CfnBucket) return resource;
    throw new Error('The parked bucket has no resource of its own');
  }

  /** The construct library turns bucket events on through a Lambda of its own; the property does it without. */
  #notify(deployment: Deployment): void {
    this.#resource().addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', true);
    if (deployment.operations === undefined) return;
    const parked = new Rule(this, 'Parked', {
      description: 'A record was parked',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] } },
      },
      targets: [new SnsTopic(deployment.operations)],
    });
    alarm(this, 'AnyParked', deployment, {
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'MatchedEvents',
        dimensionsMap: { RuleName: parked.ruleName },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      when: { above: 0 },
      means: 'A record was parked: the newest object of the parked bucket says why.',
      runbook: 'a-record-was-parked',
    });
  }
}
