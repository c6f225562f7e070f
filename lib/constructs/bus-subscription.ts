import { Duration } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { eventSource } from '../stores/event-bus.ts';
import { DeadLetters } from './dead-letters.ts';

export type BusSubscriptionProps = {
  readonly deployment: Deployment;
  readonly bus: EventBus;
  /** Which of our events: `detailType`, `detail`. The source is ours. */
  readonly pattern: Omit<EventPattern, 'source'>;
  readonly lambda: IFunction;
};

/** A Lambda that hears events of the bus. What it refuses for a day is kept in a dead-letter queue of its own. */
export class BusSubscription extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { deployment, bus, pattern, lambda }: BusSubscriptionProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters', deployment);
    new Rule(this, 'Rule', {
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
  }
}
