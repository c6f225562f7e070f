import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env as AnswerOcpp } from '../../lambdas/answer-ocpp/env.ts';
import type { Env as AuthorizeMqtt } from '../../lambdas/authorize-mqtt/env.ts';
import type { Env as AuthorizeStation } from '../../lambdas/authorize-station/env.ts';
import type { Env as TrackConnection } from '../../lambdas/track-connection/env.ts';
import { alarm } from '../constructs/alarm.ts';
import { BundledFunction, type Environment } from '../constructs/bundled-function.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import type { Deployment } from '../deployment.ts';
import type { OcppStream } from '../stores/ocpp-stream.ts';
import type { SignalStream } from '../stores/signal-stream.ts';
import type { Tables } from '../stores/tables.ts';
import { type Domain, FrontDoor } from './front-door.ts';
import { MqttGateway } from './mqtt-gateway.ts';
import { WebsocketGateway } from './websocket-gateway.ts';

export type StationGatewayProps = {
  readonly deployment: Deployment;
  readonly tables: Tables;
  readonly stream: OcppStream;
  readonly signals: SignalStream;
  readonly parked: ParkedRecords;
  readonly domain?: Domain;
  readonly mqttDomain?: Domain;
};

/** Both ways in for chargers (WebSocket and MQTT) and the Lambdas behind them, up to the stream. */
export class StationGateway extends Construct {
  readonly websocket: WebsocketGateway;
  readonly mqtt: MqttGateway;
  readonly ocppUrl: string;
  readonly #props: StationGatewayProps;

  constructor(scope: Construct, id: string, props: StationGatewayProps) {
    super(scope, id);
    this.#props = props;
    const { deployment, tables, signals, parked, domain, mqttDomain } = props;
    this.websocket = new WebsocketGateway(this, 'Websocket', deployment);

    const authorizeStation = this.#function<AuthorizeStation>('AuthorizeStation', 'authorize-station', 'handler', {
      STATIONS_TABLE: tables.nameOf('stations'),
      CREDENTIALS_TABLE: tables.nameOf('credentials'),
    }).allow(['dynamodb:GetItem'], tables.arnOf('stations'), tables.arnOf('credentials'));
    const authorizeMqtt = this.#function<AuthorizeMqtt>('AuthorizeMqtt', 'authorize-mqtt', 'handler', {
      STATIONS_TABLE: tables.nameOf('stations'),
      CREDENTIALS_TABLE: tables.nameOf('credentials'),
      IOT_ARN: `arn:${Aws.PARTITION}:iot:${Aws.REGION}:${Aws.ACCOUNT_ID}`,
    }).allow(['dynamodb:GetItem'], tables.arnOf('stations'), tables.arnOf('credentials'));

    this.#watchAdmission(authorizeStation, 'authorize-station');
    this.#watchAdmission(authorizeMqtt, 'authorize-mqtt');
    const stationsOf = (caller: BundledFunction<unknown>) =>
      caller.allow(['dynamodb:GetItem'], tables.arnOf('stations'));
    // Whoever opens a connection looks whether a newer one has overtaken it.
    const connect = stationsOf(this.#tracker('TrackConnect', 'connect'));
    // MQTT has no $connect that could tell them who is there: they look the station up.
    const presence = stationsOf(this.#tracker('TrackPresence', 'presence'));
    const mqttAnswers = stationsOf(this.#answerer('AnswerMqtt', 'mqtt'));
    this.sendableBy(mqttAnswers);
    this.sendableBy(presence);
    const disconnect = this.#tracker('TrackDisconnect', 'disconnect');
    this.sendableBy(disconnect);
    this.parkFailedCalls(presence);
    this.parkFailedCalls(mqttAnswers);

    this.websocket.route({
      authorize: authorizeStation.lambda,
      connect: connect.lambda,
      disconnect: disconnect.lambda,
      message: this.#answerer('AnswerWebsocket', 'websocket').lambda,
    });
    this.mqtt = new MqttGateway(this, 'Mqtt', {
      deployment,
      parked,
      message: mqttAnswers.lambda,
      presence: presence.lambda,
      authorize: authorizeMqtt.lambda,
      signals,
      ...(mqttDomain && { domain: mqttDomain }),
    });
    this.ocppUrl = new FrontDoor(this, 'FrontDoor', { gateway: this.websocket, ...(domain && { domain }) }).ocppUrl;
  }

  /** Lets a function send to every station, over its socket or its MQTT topic. */
  sendableBy(caller: BundledFunction<unknown>): void {
    this.websocket.callableBy(caller, ['POST']);
    caller.allowPattern(
      ['iot:Publish'],
      Stack.of(this).formatArn({ service: 'iot', resource: 'topic', resourceName: 'ocpp/*/out' }),
      'It speaks to every station, each on its own topic.',
    );
  }

  #function<Env>(id: string, entry: string, exported: string, environment: Environment<Env>): BundledFunction<Env> {
    const { deployment } = this.#props;
    const { gatewayMemoryMiB: memoryMiB } = deployment.stage;
    return new BundledFunction<Env>(this, id, { deployment, entry, exported, environment, memoryMiB });
  }

  /** One writer of connectivity in three places. */
  #tracker(id: string, exported: 'connect' | 'disconnect' | 'presence'): BundledFunction<TrackConnection> {
    const { tables, stream } = this.#props;
    const tracker = this.#function<TrackConnection>(id, 'track-connection', exported, {
      STATIONS_TABLE: tables.nameOf('stations'),
      COMMANDS_TABLE: tables.nameOf('commands'),
      OCPP_STREAM: stream.stream.streamName,
      SOCKETS_ENDPOINT: this.websocket.callbackUrl,
    }).allow(['dynamodb:UpdateItem'], tables.arnOf('stations'));
    stream.writableBy(tracker);
    tables.mailboxesSteppedBy(tracker);
    // Who opens a connection closes the one it replaces.
    if (exported !== 'disconnect') this.websocket.callableBy(tracker, ['DELETE']);
    return tracker;
  }

  #answerer(id: string, exported: 'websocket' | 'mqtt'): BundledFunction<AnswerOcpp> {
    const { tables, stream, deployment } = this.#props;
    const answerer = this.#function<AnswerOcpp>(id, 'answer-ocpp', exported, {
      STATIONS_TABLE: tables.nameOf('stations'),
      CONNECTORS_TABLE: tables.nameOf('connectors'),
      TAGS_TABLE: tables.nameOf('tags'),
      COMMANDS_TABLE: tables.nameOf('commands'),
      OCPP_STREAM: stream.stream.streamName,
      SOCKETS_ENDPOINT: this.websocket.callbackUrl,
      UNKNOWN_TAGS: deployment.stage.unknownTags,
      HEARTBEAT_INTERVAL_SEC: String(deployment.stage.heartbeatIntervalSeconds),
    })
      .allow(['dynamodb:UpdateItem'], tables.arnOf('stations'))
      .allow(['dynamodb:GetItem'], tables.arnOf('tags'))
      .allow(['dynamodb:Query'], tables.indexArnOf('connectors', 'byActiveTag'));
    stream.writableBy(answerer);
    tables.mailboxesSteppedBy(answerer);
    return answerer;
  }

  /** Wrong passwords are no errors of an authorizer: what is left are chargers that cannot come in though they may. */
  #watchAdmission(authorizer: BundledFunction<unknown>, entry: string): void {
    const period = Duration.minutes(5);
    alarm(authorizer, 'ErrorRate', this.#props.deployment, {
      metric: new MathExpression({
        expression: '100 * errors / invocations',
        usingMetrics: {
          errors: authorizer.lambda.metricErrors({ period, statistic: 'Sum' }),
          invocations: authorizer.lambda.metricInvocations({ period, statistic: 'Sum' }),
        },
        label: 'Failed, %',
        period,
      }),
      when: { above: 5 },
      means: `${entry} cannot find out who asks in more than 5% of its calls: chargers stay outside.`,
      runbook: 'chargers-are-not-let-in',
    });
  }

  /** IoT rules call asynchronously: what fails after the retries is parked like any other record. */
  parkFailedCalls(called: BundledFunction<unknown>): void {
    new EventInvokeConfig(called, 'Asynchronous', {
      function: called.lambda,
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: { bind: () => this.#props.parked.failuresOf(called) },
    });
    alarm(called, 'Dropped', this.#props.deployment, {
      metric: called.lambda.metric('AsyncEventsDropped', { period: Duration.minutes(1), statistic: 'Sum' }),
      when: { above: 0 },
      means: 'Messages of MQTT clients were given up before they were handled: the parked bucket should hold them.',
      runbook: 'a-record-was-parked',
    });
  }
}
