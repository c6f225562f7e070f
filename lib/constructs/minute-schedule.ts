import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import { alarm } from './alarm.ts';
import { BundledFunction, type Environment } from './bundled-function.ts';
import { DeadLetters } from './dead-letters.ts';

export type MinuteScheduleProps<Env> = {
  readonly deployment: Deployment;
  /** Folder below `lambdas/`. */
  readonly entry: string;
  readonly environment: Environment<Env>;
};

const TIMEOUT = Duration.seconds(55);

/**
 * A Lambda that runs every minute, the shortest the Scheduler knows. A run that fails is not repeated for longer than its
 * minute: the next one does its work.
 */
export class MinuteSchedule<Env> extends Construct {
  readonly consumer: BundledFunction<unknown>;

  constructor(scope: Construct, id: string, { deployment, entry, environment }: MinuteScheduleProps<Env>) {
    super(scope, id);
    this.consumer = new BundledFunction<Env>(this, 'Task', {
      deployment,
      entry,
      environment,
      memoryMiB: deployment.stage.projectorMemoryMiB,
      timeout: TIMEOUT,
    });
    // The Scheduler invokes asynchronously: Lambda would try twice more what failed, and for six hours what was throttled,
    // beside the runs of the next minutes.
    this.consumer.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const { functionArn } = this.consumer.lambda;
    const { queue } = new DeadLetters(this, 'DeadLetters', deployment);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      inlinePolicies: {
        Run: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'EveryMinute', {
      description: `Runs ${entry}`,
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 60 },
        deadLetterConfig: { arn: queue.queueArn },
      },
    });
    this.#alarms(deployment, entry);
  }

  #alarms(deployment: Deployment, entry: string): void {
    const { lambda } = this.consumer;
    alarm(this, 'Overrun', deployment, {
      metric: lambda.metricDuration({ period: Duration.minutes(1), statistic: 'Maximum' }),
      when: { above: 0.9 * TIMEOUT.toMilliseconds() },
      periods: 3,
      means: `${entry} needs nearly all of its ${TIMEOUT.toSeconds()} seconds: its last work of a minute is about to be left out.`,
      runbook: 'the-minute-work-takes-too-long',
    });
    alarm(this, 'Missing', deployment, {
      metric: lambda.metricInvocations({ period: Duration.minutes(5), statistic: 'Sum' }),
      when: { below: 1 },
      silence: 'alarming',
      means: `${entry} has not run for five minutes: nothing that only time can tell is found.`,
      runbook: 'the-minute-work-does-not-run',
    });
  }
}
