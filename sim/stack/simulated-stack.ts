import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DocumentClient, sendDocuments } from '../../aws/dynamodb/document-client.ts';
import type { OpenClient } from '../../aws/open-client.ts';
import { deployedFrontDoor } from '../../local/cloudfront/deployed-front-door.ts';
import { targetDeliveries } from '../../local/eventbridge/target-delivery.ts';
import { noJournal } from '../../local/journal.ts';
import { asyncQueue } from '../../local/lambda/async-queue.ts';
import { asyncDefaults, asyncSettings, eventInvokeConfig } from '../../local/lambda/event-invoke-config.ts';
import { type FailureRecord, failureDelivery } from '../../local/lambda/failure-record.ts';
import { schedule, startSchedules } from '../../local/scheduler/schedule.ts';
import type { Abilities, BusEvent, Delivery } from '../../local/stack/local-service.ts';
import type { InMemoryCsms } from '../../simulator/charge-point/connection/in-memory.ts';
import type { Random } from '../../simulator/random.ts';
import type { Frame, Interferences } from '../faults/interference.ts';
import { simManagementApi } from '../services/sim-management-api.ts';
import type { Publication } from '../services/sim-sns.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Trace } from '../trace.ts';
import type { Deployed } from './deployed.ts';
import { runWorkflows } from './run-workflows.ts';
import { simulatedBroker } from './simulated-broker.ts';
import { type ClientPorts, type Service, simulatedClients } from './simulated-clients.ts';
import { type SimulatedEventSources, simulatedEventSources } from './simulated-event-sources.ts';
import { type SimulatedFunctions, simulatedFunctions } from './simulated-functions.ts';
import { type LineChange, simulatedGateway } from './simulated-gateway.ts';
import { type SimulatedServices, simulatedServices } from './simulated-services.ts';

export type StackOptions = {
  readonly deployed: Deployed;
  readonly time: VirtualTime;
  readonly chance: Random;
  readonly trace: Trace;
  readonly interferences: Interferences;
  /** The stations that speak over MQTT; all others have a WebSocket. */
  readonly overMqtt: ReadonlySet<string>;
  readonly heard: (frame: Frame) => void;
  readonly posted: (frame: Frame) => void;
  readonly lined: (change: LineChange) => void;
  /** Told of what the runtime gives up. */
  readonly reported: (problem: string) => void;
};

export type SimulatedStack = Pick<SimulatedServices, 'dynamodb' | 'nameOf' | 'behave'> &
  Pick<SimulatedEventSources, 'readTwice'> & {
    /** The chargers' end: what their transport connects to. */
    readonly csms: InMemoryCsms;
    /** Whether a connection is open, by the id the stack knows it by. */
    readonly hasConnection: (connectionId: string) => boolean;
    /** Cuts the lines of all stations, or of one: both ends notice. */
    readonly cut: (stationId?: string) => void;
    readonly functions: SimulatedFunctions;
    /** Parked records and batches. */
    readonly parked: () => readonly { readonly key: string; readonly text: string }[];
    /** Messages in queues that nobody reads: events that were given up. */
    readonly deadLetters: () => readonly string[];
    /** Opens clients that nothing interferes with, for whoever registers or looks on. */
    readonly open: OpenClient;
    /** Splits or merges shards of the stream of frames. */
    readonly reshard: (chance: Random) => void;
    /** Puts an event on the bus as another system would, until the bus has it. */
    readonly put: (event: OutsideEvent) => Promise<void>;
    /** Every event on the bus so far, and every notification. */
    readonly events: () => readonly BusEvent[];
    readonly notifications: () => readonly Publication[];
  };

/** An event of another system. */
export type OutsideEvent = { readonly source: string; readonly type: string; readonly detail: object };

const serviceOf = (name: string, { send }: { readonly send: unknown }): Service => ({
  name,
  // Each client's send has an overload per command.
  send: send as Service['send'],
});

const nameInArn = (streamArn: string): string => streamArn.replace(/^.*:stream\//, '');
const nameIn = (functionArn: string): string => functionArn.replace(/^.*:function:/, '');

/** Splits a shard, or merges it with its neighbour. */
const reshard = ({ kinesis, nameOf }: SimulatedServices, chosen: Random): void => {
  const stream = nameOf('ocpp');
  const shards = kinesis.openShards(stream);
  const [one, neighbour] = shards.slice(chosen.integer(0, shards.length - 1));
  if (one === undefined) return;
  if (neighbour !== undefined && chosen.chance(0.5)) kinesis.merge(stream, one, neighbour);
  else kinesis.split(stream, one);
};

/**
 * The deployed stack in one process: functions, event sources, rules, schedules, queue, workflow and gateway as the template
 * describes them, on services in memory and on virtual time.
 */
export const simulatedStack = async (options: StackOptions): Promise<SimulatedStack> => {
  const { deployed, time, chance, trace, interferences } = options;
  const { account, deployment } = deployed;
  const { system } = time;
  const report = (problem: string): void => {
    trace.note(`report ${problem}`);
    options.reported(problem);
  };
  const journal = async <Entry>() => noJournal<Entry>();

  const services = simulatedServices(deployed, {
    now: system.clock,
    random: chance.fork('services').next,
    deliver: (delivery) => void ruleDeliveries.add(delivery),
    publish: (message) => broker.publish(message),
  });
  const { dynamodb, kinesis, s3, sqs, sns, bus, states, iot, definitions, names, context } = services;

  const invoke = (functionArn: string, event: unknown): Promise<unknown> => functions.invoke(functionArn, event);
  const deliverTo = async (arn: string, delivery: Delivery): Promise<void> => {
    const { body, objectKey = system.uuid(), partitionKey = '' } = delivery;
    const service = arn.split(':')[2];
    if (service === 'lambda') return invocations.add({ functionArn: arn, event: body, queuedAt: system.clock() });
    if (service === 'kinesis') return kinesis.put(nameInArn(arn), partitionKey, Buffer.from(JSON.stringify(body)));
    if (service === 'sqs') return sqs.put(arn, JSON.stringify(body));
    if (service === 's3') return s3.put(arn.replace('arn:aws:s3:::', ''), objectKey, JSON.stringify(body));
    throw new Error(`The simulation delivers nothing to ${arn}`);
  };
  const reach = (() => deliverTo) as <Ability extends keyof Abilities>(
    name: string,
    ability: Ability,
  ) => Abilities[Ability];
  const shared = { journal, reach, report, system };
  const deliverFailure = (destination: string, failure: FailureRecord): Promise<void> =>
    deliverTo(destination, failureDelivery(destination, failure));
  const settings = new Map(
    deployment
      .all(eventInvokeConfig)
      .map(({ properties }) => [nameIn(properties.FunctionName), asyncSettings(properties)]),
  );
  const invocations = await asyncQueue({
    ...shared,
    invoke,
    deliverFailure,
    settingsOf: (functionArn) => settings.get(nameIn(functionArn)) ?? asyncDefaults,
  });
  const ruleDeliveries = await targetDeliveries('rule-deliveries', shared);
  runWorkflows(states, { definitions, invoke, report });

  const gateway = simulatedGateway(deployed, {
    account,
    system,
    invoke,
    interferences,
    trace,
    heard: options.heard,
    posted: options.posted,
    lined: options.lined,
    frontDoor: deployedFrontDoor(deployed.deployment, system.uuid).pass,
  });

  const broker = simulatedBroker(deployed, {
    invoke,
    deliver: deliverTo,
    system,
    interferences,
    trace,
    context,
    chance: chance.fork('mqtt'),
    heard: options.heard,
    posted: options.posted,
    lined: options.lined,
  });
  const doorOf = (stationId: string): InMemoryCsms => (options.overMqtt.has(stationId) ? broker.csms : gateway.csms);

  const delays = chance.fork('latency');
  const ports: ClientPorts = {
    services: new Map<unknown, Service>([
      [DocumentClient, { name: 'dynamodb', send: sendDocuments(dynamodb.send) as Service['send'] }],
      [KinesisClient, serviceOf('kinesis', kinesis)],
      [S3Client, serviceOf('s3', s3)],
      [SQSClient, serviceOf('sqs', sqs)],
      [EventBridgeClient, serviceOf('events', bus)],
      [SFNClient, serviceOf('states', states)],
      [SNSClient, serviceOf('sns', sns)],
      [IoTDataPlaneClient, serviceOf('iot', iot)],
      [ApiGatewayManagementApiClient, serviceOf('sockets', simManagementApi(gateway.connection, context))],
    ]),
    system,
    interferences,
    trace,
    purposeOf: services.purposeOf,
    // Most answers are there at once as far as anybody else can tell; now and then others come first.
    latencyMs: () => (delays.chance(0.15) ? delays.between(1, 40) : 0),
    report,
  };
  const functions = simulatedFunctions(deployed, ports);
  const { readTwice, readQueues } = await simulatedEventSources(deployed, {
    services,
    invoke,
    deliverFailure,
    report,
    system,
    chance,
  });
  const scheduleDeliveries = await targetDeliveries('schedule-deliveries', shared);
  startSchedules(deployment.all(schedule), { deliver: scheduleDeliveries.add, report, system });

  const onlooker = { entry: 'onlooker', isAlive: () => true, crash: () => {}, lackOfRights: () => undefined };
  const put = async ({ source, type, detail }: OutsideEvent): Promise<void> => {
    const entry = { EventBusName: names.bus, Source: source, DetailType: type, Detail: JSON.stringify(detail) };
    const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
    if (Entries[0]?.EventId === undefined) return put({ source, type, detail });
  };
  return {
    csms: { connect: (station) => doorOf(station.stationId).connect(station) },
    hasConnection: (connectionId) => gateway.connection(connectionId) !== undefined || broker.hasSession(connectionId),
    cut: (stationId) => {
      gateway.cut(stationId);
      broker.cut(stationId);
    },
    functions,
    dynamodb,
    parked: () => names.buckets.flatMap((bucket) => s3.objects(bucket)),
    deadLetters: () =>
      names.queueArns.filter((arn) => !readQueues.has(arn)).flatMap((arn) => sqs.messages(arn).map(({ body }) => body)),
    open: simulatedClients(onlooker, {
      ...ports,
      interferences: { ...interferences, areNone: () => true, request: () => undefined },
      latencyMs: () => 0,
    }),
    nameOf: services.nameOf,
    reshard: (chosen) => reshard(services, chosen),
    readTwice,
    put,
    events: () => bus.events(names.bus),
    notifications: () => names.topics.flatMap((topic) => sns.published(topic)),
    behave: services.behave,
  };
};
