import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule, type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { eventSource } from '../stores/event-bus.ts';
import { alarm } from './alarm.ts';
import { DeadLetters } from './dead-letters.ts';

export type BusSubscriptionProps = {
  readonly deployment: Deployment;
  readonly bus: EventBus;
  /** Which events: `detailType`, `detail`. */
  readonly pattern: Omit<EventPattern, 'source'>;
  /** Whose events, as a pattern of their source; ours when left out. */
  readonly from?: readonly unknown[];
  readonly lambda: IFunction;
};

/** A Lambda that is invoked with events of the bus. Events that fail for a day go to a dead-letter queue of its own. */
export class BusSubscription extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: BusSubscriptionProps) {
    super(scope, id);
    const { deployment, bus, pattern, from, lambda } = props;
    this.deadLetters = new DeadLetters(this, 'DeadLetters', deployment);
    const rule = new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { ...pattern, source: [eventSource] },
      targets: [
        new LambdaFunction(lambda, {
          deadLetterQueue: this.deadLetters.queue,
          retryAttempts: 10,
          maxEventAge: Duration.days(1),
        }),
      ],
    });
    if (from !== undefined) this.#hearOthers(rule, from);
    alarm(this, 'Lost', deployment, {
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'InvocationsFailedToBeSentToDlq',
        dimensionsMap: { EventBusName: bus.eventBusName, RuleName: rule.ruleName },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      when: { above: 0 },
      means: 'An event that its target refused could not be put into the dead-letter queue either: it is lost.',
      runbook: 'a-failure-could-not-be-kept',
    });
  }

  /** Events of other systems ask for something: one that is replayed from an archive must not be done again. */
  #hearOthers(rule: Rule, from: readonly unknown[]): void {
    const resource = rule.node.defaultChild;
    if (!(resource instanceof CfnRule)) throw new Error('The rule has no resource of its own');
    resource.addPropertyOverride('EventPattern.source', from);
    resource.addPropertyOverride('EventPattern.replay-name', [{ exists: false }]);
  }
}
