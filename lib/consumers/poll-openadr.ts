import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/poll-openadr/env.ts';
import { alarm } from '../constructs/alarm.ts';
import { BundledFunction } from '../constructs/bundled-function.ts';
import { MinuteSchedule } from '../constructs/minute-schedule.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBus } from '../stores/event-bus.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';
import type { DemandResponse } from './demand-response.ts';

export type PollOpenAdrProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly events: EventBus;
  readonly signals: SignalStream;
  readonly demandResponse: DemandResponse;
};

/**
 * The OpenADR 3 client (VEN): looks at the configured servers every minute, and at once when one of them notifies us. Only in
 * stages that are told to: a schedule that runs for nobody costs money.
 */
export class PollOpenAdr extends Construct {
  /** Servers may notify us here. */
  readonly callbackUrl: string;
  /** What names of parameters with credentials begin with. */
  readonly credentials: string;

  constructor(scope: Construct, id: string, props: PollOpenAdrProps) {
    super(scope, id);
    const { deployment, tables, events, signals, demandResponse } = props;
    this.credentials = `/wattstream/${deployment.name}/openadr/`;
    const environment = {
      GRID_TABLE: tables.nameOf('grid'),
      STATIONS_TABLE: tables.nameOf('stations'),
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      STATE_MACHINE: demandResponse.stateMachineArn,
      EVENT_BUS: events.bus.eventBusName,
      SIGNAL_STREAM: signals.stream.streamName,
      CREDENTIALS: this.credentials,
      METER_INTERVAL_SEC: String(deployment.stage.meterIntervalSeconds),
      STAGE: deployment.name,
    };
    const entry = 'poll-openadr';
    const notified = new BundledFunction<Env>(this, 'Notified', {
      deployment,
      entry,
      exported: 'notified',
      environment,
      timeout: Duration.seconds(30),
    });
    // Without IAM: a server has no AWS credentials. Its bearer token is checked before anything is done.
    const { url } = notified.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    this.callbackUrl = url;
    const { consumer } = new MinuteSchedule<Env>(this, 'Poll', {
      deployment,
      entry,
      environment: { ...environment, CALLBACK_URL: url },
    });
    const parameters = Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `${this.credentials.slice(1)}*`,
    });
    for (const polling of [notified, consumer]) {
      demandResponse.submittableBy(polling);
      events.writableBy(polling);
      signals.writableBy(polling);
      polling
        .allow(['dynamodb:Query', 'dynamodb:DeleteItem'], tables.arnOf('grid'))
        .allow(['dynamodb:Query'], tables.indexArnOf('stations', 'byZone'))
        .allow(['dynamodb:BatchGetItem'], tables.arnOf('stations'), tables.arnOf('connectors'), tables.arnOf('grid'))
        .allowPattern(
          ['ssm:GetParameter'],
          parameters,
          'Servers are configured after the deployment: one parameter each.',
        );
    }
    alarm(this, 'Unanswered', deployment, {
      metric: new Metric({
        namespace: 'Wattstream',
        metricName: 'OpenAdrProblems',
        dimensionsMap: { Stage: deployment.name },
        statistic: 'Minimum',
        period: Duration.minutes(1),
      }),
      when: { above: 0 },
      periods: 5,
      means: 'An OpenADR server has not answered for five minutes, or not with what is configured.',
      runbook: 'an-openadr-server-does-not-answer',
    });
  }
}
