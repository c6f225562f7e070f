import { type App, Stack, Tags } from 'aws-cdk-lib';
import type { Bundle } from './constructs/bundle.ts';
import { functionThrottleAlarms } from './constructs/function-throttle-alarms.ts';
import { ParkedRecords } from './constructs/parked-records.ts';
import { acceptRequests } from './consumers/accept-requests.ts';
import { acceptSiteSignals } from './consumers/accept-site-signals.ts';
import { allocateSite } from './consumers/allocate-site.ts';
import { announceAlerts } from './consumers/announce-alerts.ts';
import { DemandResponse } from './consumers/demand-response.ts';
import { PollOpenAdr } from './consumers/poll-openadr.ts';
import { projectState } from './consumers/project-state.ts';
import { publishChanges } from './consumers/publish-changes.ts';
import { queryHistory } from './consumers/query-history.ts';
import { queryNetwork } from './consumers/query-network.ts';
import { readCapabilities } from './consumers/read-capabilities.ts';
import { recordHistory } from './consumers/record-history.ts';
import { relayCommands } from './consumers/relay-commands.ts';
import { serveAlerts } from './consumers/serve-alerts.ts';
import { serveCommands } from './consumers/serve-commands.ts';
import { serveDemandResponse } from './consumers/serve-demand-response.ts';
import { serveSites } from './consumers/serve-sites.ts';
import { sweepFleet } from './consumers/sweep-fleet.ts';
import { wakeMailboxes } from './consumers/wake-mailboxes.ts';
import type { Deployment } from './deployment.ts';
import type { Domain } from './gateways/front-door.ts';
import { GraphqlApi } from './gateways/graphql-api.ts';
import { StationGateway } from './gateways/station-gateway.ts';
import { outputs } from './outputs.ts';
import type { Stage, StageName } from './stages.ts';
import { EventBus } from './stores/event-bus.ts';
import { Notifications } from './stores/notifications.ts';
import { OcppStream } from './stores/ocpp-stream.ts';
import { SignalStream } from './stores/signal-stream.ts';
import { type TableName, Tables, tableNames } from './stores/tables.ts';
import { WakeQueue } from './stores/wake-queue.ts';
import { windows } from './stores/windows.ts';

export type WattstreamStackProps = {
  readonly name: StageName;
  readonly stage: Stage;
  readonly bundle: Bundle;
  readonly keyExpiresAt: number;
  readonly domain?: Domain;
  readonly mqttDomain?: Domain;
};

/** One whole deployment: everything a stage needs in one stack, so that it comes and goes as one. */
export const wattstreamStack = (app: App, props: WattstreamStackProps): Stack => {
  const { name, stage, bundle, domain, mqttDomain } = props;
  const stack = new Stack(app, `wattstream-${name}`, {
    description: 'Wattstream: real-time backbone for charging networks',
  });
  Tags.of(stack).add('wattstream:stage', name);

  const notifications = new Notifications(stack, 'Notifications', stage);
  const deployment: Deployment = {
    name,
    stage,
    bundle,
    ...(notifications.operations && { operations: notifications.operations }),
  };
  notifications.watch(deployment);
  const tables = new Tables(stack, 'Tables', deployment);
  const parked = new ParkedRecords(stack, 'Parked', deployment);
  const stream = new OcppStream(stack, 'Ocpp', deployment);
  const signals = new SignalStream(stack, 'Signals', deployment, stream);
  const events = new EventBus(stack, 'Events', deployment);
  const gateway = new StationGateway(stack, 'Gateway', {
    deployment,
    tables,
    stream,
    signals,
    parked,
    ...(domain && { domain }),
    ...(mqttDomain && { mqttDomain }),
  });
  const wakeUps = new WakeQueue(stack, 'WakeUps', deployment);
  relayCommands(stack, 'RelayCommands', { deployment, tables, stream, signals, wakeUps, parked });
  wakeMailboxes(stack, 'WakeMailboxes', { deployment, tables, events, gateway, wakeUps });
  projectState(stack, 'ProjectState', { deployment, tables, stream, wakeUps, parked });
  const windowStore = windows(stack, 'Windows', { deployment, tables, parked });
  recordHistory(stack, 'RecordHistory', { deployment, tables, windows: windowStore, parked });
  sweepFleet(stack, 'SweepFleet', { deployment, tables, stream, signals, wakeUps, windows: windowStore, parked });
  acceptRequests(stack, 'AcceptRequests', { deployment, tables, events, gateway, wakeUps });
  readCapabilities(stack, 'ReadCapabilities', { deployment, tables, events, gateway });
  const demandResponse = new DemandResponse(stack, 'DemandResponse', {
    deployment,
    tables,
    events,
    gateway,
    signals,
    windows: windowStore,
  });
  const openAdr = stage.openAdr
    ? new PollOpenAdr(stack, 'PollOpenAdr', { deployment, tables, events, signals, demandResponse })
    : undefined;
  acceptSiteSignals(stack, 'AcceptSiteSignals', { deployment, events, signals });
  allocateSite(stack, 'AllocateSite', { deployment, tables, signals, gateway, parked });
  publishChanges(stack, 'PublishChanges', { deployment, tables, events, signals, parked });
  announceAlerts(stack, 'AnnounceAlerts', { deployment, tables, notifications, parked });
  const graphql = new GraphqlApi(stack, 'Graphql', {
    deployment,
    tables,
    lambdas: {
      'serve-commands': serveCommands(stack, 'ServeCommands', { deployment, tables, gateway }),
      'serve-sites': serveSites(stack, 'ServeSites', { deployment, tables, signals }),
      'serve-demand-response': serveDemandResponse(stack, 'ServeDemandResponse', {
        deployment,
        tables,
        demandResponse,
      }),
      'serve-alerts': serveAlerts(stack, 'ServeAlerts', deployment, tables),
      'query-network': queryNetwork(stack, 'QueryNetwork', deployment, tables),
      'query-history': queryHistory(stack, 'QueryHistory', { deployment, tables, windows: windowStore }),
    },
    keyExpiresAt: props.keyExpiresAt,
  });
  functionThrottleAlarms(stack, deployment);

  outputs(stack, {
    OcppUrl: [gateway.ocppUrl, 'Chargers append their station id'],
    WebsocketEndpoint: [gateway.websocket.stage.url, 'The WebSocket API behind the front door'],
    WebsocketCallbackUrl: [gateway.websocket.callbackUrl, 'Base address of the @connections API'],
    MqttAuthorizer: [
      gateway.mqtt.authorizerName,
      'IoT custom authorizer for chargers with a password; host: aws iot describe-endpoint --endpoint-type iot:Data-ATS',
    ],
    MqttChargerPolicy: [
      gateway.mqtt.certificatePolicyName,
      'IoT policy for chargers with a certificate; the thing is named like the station',
    ],
    MqttBuildingPolicy: [
      gateway.mqtt.buildingPolicyName,
      'IoT policy for building systems with a certificate; attribute siteId of the thing names the site',
    ],
    GraphqlUrl: [graphql.api.attrGraphQlUrl, 'GraphQL endpoint'],
    GraphqlApiId: [graphql.api.attrApiId, 'AppSync API; its key: aws appsync list-api-keys --api-id'],
    DemandResponseStateMachine: [demandResponse.stateMachineArn, 'Step Functions workflow of demand response'],
    ...(openAdr && {
      OpenAdrCallbackUrl: [openAdr.callbackUrl, 'OpenADR servers may notify us here, their id at its end'],
      OpenAdrCredentials: [
        openAdr.credentials,
        'What names of parameters with credentials of OpenADR servers begin with',
      ],
    }),
    WindowStore: [windowStore.location, 'Where windows are kept, as WINDOW_STORE says it'],
    SignalStream: [signals.stream.streamName, 'Kinesis stream of signals and site events'],
    OcppStream: [stream.stream.streamName, 'Kinesis stream of OCPP envelopes'],
    WakeQueue: [wakeUps.queue.queueUrl, 'SQS queue of what time changes in mailboxes'],
    ParkedBucket: [parked.bucket.bucketName, 'Records that no retry could save'],
    EventBus: [events.bus.eventBusName, 'EventBridge bus'],
    AlertTopic: [notifications.alerts.topicArn, 'SNS topic of alerts'],
    ...(notifications.operations && {
      OperationsTopic: [
        notifications.operations.topicArn,
        'SNS topic of alarms about the stack itself: docs/runbook.md',
      ],
    }),
    ...Object.fromEntries(
      tableNames.map((table) => [`${capital(table)}Table`, [tables.nameOf(table), `DynamoDB table of ${table}`]]),
    ),
  });
  return stack;
};

const capital = (table: TableName): string => table.charAt(0).toUpperCase() + table.slice(1);
