import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import type { Stage } from '../stages.ts';

/** Topics people subscribe to: alerts about chargers, and (where the stage has alarms) operations about the stack itself. */
export class Notifications extends Construct {
  readonly alerts: Topic;
  readonly operations: Topic | undefined;
  readonly #key: Key;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    // A key of our own: with the AWS-managed one neither alarms nor the bus could publish.
    this.#key = new Key(this, 'Key', {
      description: 'Wattstream notifications',
      enableKeyRotation: true,
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // The bus gets its right from the rule that has a topic as its target.
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    this.alerts = new Topic(this, 'Alerts', { displayName: 'Charging alerts', masterKey: this.#key, enforceSSL: true });
    this.operations = stage.alarms
      ? new Topic(this, 'Operations', { displayName: 'Wattstream operations', masterKey: this.#key, enforceSSL: true })
      : undefined;
  }

  /** Lets a function publish alerts. */
  alertsWritableBy(publisher: BundledFunction<unknown>): void {
    publisher
      .allow(['sns:Publish'], this.alerts.topicArn)
      .allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.#key.keyArn);
  }
}
