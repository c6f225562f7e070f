import { Duration, Fn } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule, type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { eventSource } from '../stores/event-bus.ts';
import { alarm } from './alarm.ts';
import type { BundledFunction } from './bundled-function.ts';
import { DeadLetters } from './dead-letters.ts';

export type BusSubscriptionProps = {
  readonly deployment: Deployment;
  readonly bus: EventBus;
  /** Which events: `detailType`, `detail`. */
  readonly pattern: Omit<EventPattern, 'source'>;
  /** Whose events, as a pattern of their source; ours when left out. */
  readonly from?: readonly unknown[];
  readonly called: BundledFunction<unknown>;
};

/**
 * A Lambda that is invoked with events of the bus. Events that cannot be handed to it for a day, and those it fails at three
 * times within some minutes, go to a dead-letter queue of its own.
 */
export class BusSubscription extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: BusSubscriptionProps) {
    super(scope, id);
    const { deployment, bus, pattern, from, called } = props;
    this.deadLetters = new DeadLetters(this, 'DeadLetters', deployment);
    const rule = new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { ...pattern, source: [eventSource] },
      targets: [
        new LambdaFunction(called.lambda, {
          deadLetterQueue: this.deadLetters.queue,
          retryAttempts: 10,
          maxEventAge: Duration.days(1),
        }),
      ],
    });
    if (from !== undefined) this.#hearOthers(rule, from);
    // The bus is done with an event once Lambda has queued it: what the function fails at is Lambda's to retry, and to keep.
    new EventInvokeConfig(this, 'Asynchronous', {
      function: called.lambda,
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.deadLetters.queue.queueArn }) },
    });
    called.allow(['sqs:SendMessage'], this.deadLetters.queue.queueArn);
    const asynchronous = (metricName: string): Metric =>
      called.lambda.metric(metricName, { period: Duration.minutes(1), statistic: 'Sum' });
    alarm(this, 'Dropped', deployment, {
      metric: asynchronous('AsyncEventsDropped'),
      when: { above: 0 },
      means: 'Events were given up before they were handled: the dead-letter queue should hold them.',
      runbook: 'a-dead-letter-queue-holds-messages',
    });
    alarm(this, 'Unkept', deployment, {
      metric: asynchronous('DestinationDeliveryFailures'),
      when: { above: 0 },
      means: 'The dead-letter queue did not take what was given up: events are lost.',
      runbook: 'a-failure-could-not-be-kept',
    });
    // On a bus of its own a rule's Ref is "bus|rule", which no metric has: arn:...:rule/BUS/RULE tells its name.
    const ruleName = Fn.select(2, Fn.split('/', rule.ruleArn));
    alarm(this, 'Lost', deployment, {
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'InvocationsFailedToBeSentToDlq',
        dimensionsMap: { EventBusName: bus.eventBusName, RuleName: ruleName },
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
