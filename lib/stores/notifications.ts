import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarm } from '../constructs/alarm.ts';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import { removalPolicy } from '../constructs/removal-policy.ts';
import type { Deployment } from '../deployment.ts';
import type { Stage } from '../stages.ts';

/** Topics people subscribe to: alerts about chargers, and (where the stage has alarms) operations about the stack itself. */
export class Notifications extends Construct {
  readonly alerts: Topic;
  readonly operations: Topic | undefined;
  /** A key of our own where alarms and the bus publish, which the service's key does not let in. It costs a dollar a month. */
  readonly #key: Key | undefined;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.#key = stage.alarms ? this.#ownKey(stage) : undefined;
    const masterKey = this.#key ?? Alias.fromAliasName(this, 'ServiceKey', 'alias/aws/sns');
    this.alerts = new Topic(this, 'Alerts', { displayName: 'Charging alerts', masterKey, enforceSSL: true });
    this.operations = this.#key && this.#operationsTopic(this.#key);
  }

  #ownKey(stage: Stage): Key {
    const key = new Key(this, 'Key', {
      description: 'Wattstream notifications',
      enableKeyRotation: true,
      removalPolicy: removalPolicy(stage),
    });
    // The bus gets its right from the rule that has a topic as its target.
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    return key;
  }

  /** A topic with a policy of its own (the one for TLS) has no default policy that would let the account's alarms in. */
  #operationsTopic(masterKey: Key): Topic {
    const topic = new Topic(this, 'Operations', {
      displayName: 'Wattstream operations',
      masterKey,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
        },
      }),
    );
    return topic;
  }

  /** Alarms about the topics themselves: whom to tell is known only when they exist. */
  watch(deployment: Deployment): void {
    alarm(this, 'AlertsUndelivered', deployment, {
      metric: this.alerts.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
      when: { above: 0 },
      means: 'Alerts do not reach everybody who subscribed to them.',
      runbook: 'people-are-not-told',
    });
  }

  /** Lets a function publish alerts. */
  alertsWritableBy(publisher: BundledFunction<unknown>): void {
    publisher.allow(['sns:Publish'], this.alerts.topicArn);
    if (this.#key !== undefined) publisher.allow(['kms:Decrypt', 'kms:GenerateDataKey'], this.#key.keyArn);
  }
}
