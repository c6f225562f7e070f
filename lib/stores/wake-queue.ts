import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { alarm } from '../constructs/alarm.ts';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import type { Deployment } from '../deployment.ts';

/**
 * Messages that are delayed until time changes something in a mailbox: EventBridge Scheduler counts minutes, and a command's
 * time-out is told within seconds.
 */
export class WakeQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times the time-out of its reader, as Lambda asks for.
      visibilityTimeout: Duration.minutes(1),
    });
    acknowledge(
      this.queue,
      'SQS3',
      'A message only says which mailbox to look at: one that fails comes again until the store is back, for 14 days.',
    );
    alarm(this, 'Late', deployment, {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
      // A message ages while it is delayed, up to 15 minutes.
      when: { above: 960 },
      means: 'Time-outs of commands are told late.',
      runbook: 'wake-ups-are-late',
    });
  }

  /** Lets a function queue wake-ups. */
  writableBy(writer: BundledFunction<unknown>): void {
    writer.allow(['sqs:SendMessage'], this.queue.queueArn);
  }

  /** Lets a function be woken by them. */
  readableBy(reader: BundledFunction<unknown>): void {
    reader.allow(['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], this.queue.queueArn);
  }
}
