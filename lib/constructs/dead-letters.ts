import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { acknowledge } from './acknowledge.ts';
import { alarm } from './alarm.ts';

/** The dead-letter queue of one target: encrypted, TLS only, kept for 14 days, alarmed at the first message. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.queue, 'SQS3', 'It is itself the dead-letter queue of a target.');
    alarm(this, 'Any', deployment, {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      when: { above: 0 },
      means: 'A target refused an event until its retries were spent.',
      runbook: 'a-dead-letter-queue-holds-messages',
    });
  }
}
