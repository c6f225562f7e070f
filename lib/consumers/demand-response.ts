import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Env as AcceptEnv } from '../../lambdas/accept-signals/env.ts';
import type { Env as RespondEnv } from '../../lambdas/respond-to-demand/env.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { alarm } from '../constructs/alarm.ts';
import { BundledFunction, type Environment } from '../constructs/bundled-function.ts';
import { BusSubscription } from '../constructs/bus-subscription.ts';
import type { Deployment } from '../deployment.ts';
import type { StationGateway } from '../gateways/station-gateway.ts';
import { type EventBus, eventSource } from '../stores/event-bus.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';
import type { Windows } from '../stores/windows.ts';
import { demandResponseDefinition } from './demand-response-definition.ts';

/** JSON objects, with the client that published them: its policy says who may. */
const gridSignals = `SELECT encode(*, 'base64') AS payload, clientid() AS clientId FROM 'grid/demand-response'`;

export type DemandResponseProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly events: EventBus;
  readonly gateway: StationGateway;
  readonly signals: SignalStream;
  readonly windows: Windows;
};

/**
 * Demand response: signals come in over the bus, and a Standard workflow per signal and version begins, plans, dispatches,
 * looks at the meters, plans again, lifts the limits and finishes. Its tasks are the steps of one function.
 */
export class DemandResponse extends Construct {
  readonly stateMachineArn: string;
  readonly #tables: Tables;

  constructor(scope: Construct, id: string, props: DemandResponseProps) {
    super(scope, id);
    const { deployment, tables } = props;
    this.#tables = tables;
    const steps = this.#steps(props);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [steps.lambda.functionArn] }),
    );
    const machine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineName: `wattstream-${deployment.name}-demand-response`,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: Stack.of(this).toJsonString(demandResponseDefinition(steps.lambda.functionArn)),
      tracingConfiguration: { enabled: false },
    });
    machine.node.addDependency(role);
    acknowledge(
      machine,
      'SF1',
      'The history of every execution is kept for 90 days, and events tell each of its steps.',
    );
    acknowledge(machine, 'SF2', 'One function does all the work, and it is traced where the stage is.');
    this.stateMachineArn = machine.ref;
    alarm(this, 'Failed', deployment, {
      metric: new Metric({
        namespace: 'AWS/States',
        metricName: 'ExecutionsFailed',
        dimensionsMap: { StateMachineArn: this.stateMachineArn },
        statistic: 'Sum',
        period: Duration.minutes(1),
      }),
      when: { above: 0 },
      means: 'A demand-response event could not be carried out: its limits were lifted, or end with their profiles.',
      runbook: 'a-demand-response-event-failed',
    });
    this.#accept(props);
  }

  /** Lets a function take signals in: register them and start their executions. */
  submittableBy(caller: BundledFunction<unknown>): void {
    caller
      .allow(['dynamodb:GetItem', 'dynamodb:PutItem'], this.#tables.arnOf('grid'))
      .allow(['dynamodb:Query'], this.#tables.indexArnOf('grid', 'byOpen'))
      .allow(['states:StartExecution'], this.stateMachineArn);
  }

  #steps({ deployment, tables, gateway, signals, windows }: DemandResponseProps): BundledFunction<RespondEnv> {
    const steps = new BundledFunction<RespondEnv>(this, 'Steps', {
      deployment,
      entry: 'respond-to-demand',
      environment: {
        GRID_TABLE: tables.nameOf('grid'),
        STATIONS_TABLE: tables.nameOf('stations'),
        CONNECTORS_TABLE: tables.nameOf('connectors'),
        COMMANDS_TABLE: tables.nameOf('commands'),
        SOCKETS_ENDPOINT: gateway.websocket.callbackUrl,
        SITES_TABLE: tables.nameOf('sites'),
        SIGNAL_STREAM: signals.stream.streamName,
        WINDOW_STORE: windows.location,
        METER_INTERVAL_SEC: String(deployment.stage.meterIntervalSeconds),
      },
      memoryMiB: 1024,
      timeout: Duration.minutes(1),
    });
    tables.mailboxesSteppedBy(steps);
    gateway.sendableBy(steps);
    windows.readableBy(steps);
    signals.writableBy(steps);
    return steps
      .allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], tables.arnOf('grid'))
      .allow(['dynamodb:Query'], tables.indexArnOf('grid', 'byStart'))
      .allow(['dynamodb:Query'], tables.arnOf('commands'))
      .allow(['dynamodb:Query'], tables.indexArnOf('stations', 'byZone'), tables.indexArnOf('stations', 'bySite'))
      .allow(['dynamodb:BatchGetItem'], tables.arnOf('connectors'), tables.arnOf('grid'))
      .allow(['dynamodb:Query'], tables.arnOf('connectors'), tables.indexArnOf('connectors', 'bySite'))
      .allow(['dynamodb:Scan'], tables.indexArnOf('sites', 'byConfigured'));
  }

  /** Signals over the bus and over MQTT. */
  #accept({ deployment, events, gateway }: DemandResponseProps): void {
    const environment: Environment<AcceptEnv> = {
      GRID_TABLE: this.#tables.nameOf('grid'),
      STATE_MACHINE: this.stateMachineArn,
      EVENT_BUS: events.bus.eventBusName,
    };
    const door = (id: string, exported: string): BundledFunction<AcceptEnv> => {
      const accepting = new BundledFunction<AcceptEnv>(this, id, {
        deployment,
        entry: 'accept-signals',
        exported,
        environment,
      });
      this.submittableBy(accepting);
      events.writableBy(accepting);
      return accepting;
    };
    const accepting = door('Accept', 'handler');
    new BusSubscription(accepting, 'Signals', {
      deployment,
      bus: events.bus,
      pattern: { detailType: ['DemandResponseRequested'] },
      from: [{ 'anything-but': [eventSource] }],
      called: accepting,
    });
    const overMqtt = door('AcceptMqtt', 'mqtt');
    gateway.parkFailedCalls(overMqtt);
    gateway.mqtt.invoke('Grid', 'Requests of the grid for relief', gridSignals, overMqtt.lambda);
  }
}
