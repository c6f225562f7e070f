import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DocumentClient } from '../../aws/dynamodb/document-client.ts';
import type { OpenClient } from '../../aws/open-client.ts';
import { cloudfrontDistribution, cloudfrontFunction } from '../../local/cloudfront/cloudfront-distribution.ts';
import { frontDoor } from '../../local/cloudfront/front-door.ts';
import { dynamodbTable, tableInArn } from '../../local/dynamodb/dynamodb-table.ts';
import { eventBus, eventRule } from '../../local/eventbridge/event-rule.ts';
import { targetDeliveries } from '../../local/eventbridge/target-delivery.ts';
import { noJournal } from '../../local/journal.ts';
import { kinesisStream } from '../../local/kinesis/kinesis-stream.ts';
import { asyncQueue } from '../../local/lambda/async-queue.ts';
import { asyncDefaults, asyncSettings, lambdaEventInvokeConfig } from '../../local/lambda/event-invoke-config.ts';
import { type Checkpoints, openCheckpoints } from '../../local/lambda/event-sources/checkpoints.ts';
import { startEventSource } from '../../local/lambda/event-sources/event-source.ts';
import { eventSourceMapping } from '../../local/lambda/event-sources/event-source-mapping.ts';
import { isOfQueue, queueSource } from '../../local/lambda/event-sources/queue-source.ts';
import type { Poller, ShardReader } from '../../local/lambda/event-sources/shard-poller.ts';
import { type FailureRecord, failureDelivery } from '../../local/lambda/failure-record.ts';
import { s3Bucket } from '../../local/s3/s3-bucket.ts';
import { schedule, startSchedules } from '../../local/scheduler/schedule.ts';
import { snsTopic } from '../../local/sns/sns-topic.ts';
import { sqsQueue } from '../../local/sqs/sqs-queue.ts';
import type { Abilities, BusEvent, Delivery } from '../../local/stack/local-service.ts';
import { stateMachine } from '../../local/stepfunctions/state-machine.ts';
import type { Random } from '../../simulator/random.ts';
import type { Frame, Interferences } from '../faults/interference.ts';
import { type Conduct, ordinaryConduct } from '../services/context.ts';
import { type SimDynamodb, simDynamodb } from '../services/dynamodb/dynamodb.ts';
import { tableOfTemplate } from '../services/dynamodb/table-definition.ts';
import { simEventBridge } from '../services/eventbridge.ts';
import { simIotData } from '../services/iot-data.ts';
import { simKinesis } from '../services/kinesis.ts';
import { simManagementApi } from '../services/management-api.ts';
import { simS3 } from '../services/s3.ts';
import { type Publication, simSns } from '../services/sns.ts';
import { simSqs } from '../services/sqs.ts';
import { simStepFunctions } from '../services/step-functions.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Trace } from '../trace.ts';
import { consumeQueue } from './consume-queue.ts';
import type { Deployed } from './deployed.ts';
import { runWorkflows } from './run-workflows.ts';
import { type ClientPorts, type Service, simulatedClients } from './simulated-clients.ts';
import { type SimulatedFunctions, simulatedFunctions } from './simulated-functions.ts';
import { type SimulatedGateway, simulatedGateway } from './simulated-gateway.ts';

export type StackOptions = {
  readonly deployed: Deployed;
  readonly time: VirtualTime;
  readonly chance: Random;
  readonly trace: Trace;
  readonly interferences: Interferences;
  readonly heard: (frame: Frame) => void;
  readonly posted: (frame: Frame) => void;
  /** Told of what the runtime gives up. */
  readonly reported: (problem: string) => void;
};

export type SimulatedStack = {
  readonly gateway: SimulatedGateway;
  readonly functions: SimulatedFunctions;
  readonly dynamodb: SimDynamodb;
  /** Parked records and batches. */
  readonly parked: () => readonly { readonly key: string; readonly text: string }[];
  /** Messages in queues that nobody reads: events that were given up. */
  readonly deadLetters: () => readonly string[];
  /** Opens clients that nothing interferes with, for whoever registers or looks on. */
  readonly open: OpenClient;
  /** The name of a table or stream, by its purpose (`connectors`, `ocpp`). */
  readonly nameOf: (purpose: string) => string;
  /** Splits or merges shards of the stream of frames. */
  readonly reshard: (chance: Random) => void;
  /** Begins to read a stream a second time, from where the first reader is; the result ends it. */
  readonly readTwice: (chance: Random) => () => Promise<void>;
  /** Puts an event on the bus as another system would, until the bus has it. */
  readonly put: (event: OutsideEvent) => Promise<void>;
  /** Every event on the bus so far, and every notification. */
  readonly events: () => readonly BusEvent[];
  readonly notifications: () => readonly Publication[];
  /** How far services go within what they promise; the result puts it back. */
  readonly behave: (conduct: Conduct) => () => void;
};

/** An event of another system. */
export type OutsideEvent = { readonly source: string; readonly type: string; readonly detail: object };

const serviceOf = (name: string, { send }: { readonly send: unknown }): Service => ({
  name,
  // Each client's send has an overload per command.
  send: send as Service['send'],
});

/** Readers are woken when something was written, and when a shard ends: they look by themselves only so that no iterator expires. */
const POLLING = { busyPollMs: 60_000, idlePollMs: 4 * 60_000, discoverEveryMs: 4 * 60_000 };
/** A record waits this long until the event source of Lambda asks for it, ms. */
const POLLED_WITHIN_MS = 1_000;

const camelCase = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/**
 * The deployed stack in one process: functions, event sources, rules, schedules, queue, workflow and gateway as the template
 * describes them, on services in memory and on virtual time.
 */
export const simulatedStack = async (options: StackOptions): Promise<SimulatedStack> => {
  const { deployed, time, chance, trace, interferences } = options;
  const { account, deployment } = deployed;
  const { system } = time;
  const refOf = (logicalId: string): string => deployment.physical(logicalId).ref;
  const arnOf = (logicalId: string): string => deployment.physical(logicalId).attributes.Arn ?? '';
  const report = (problem: string): void => {
    trace.note(`report ${problem}`);
    options.reported(problem);
  };
  const journal = async <Entry>() => noJournal<Entry>();

  const conduct = chance.fork('services');
  const tables = deployment.all(dynamodbTable);
  /** Logical ids are made of the construct's path: TablesConnectors7D8771FF. */
  const purposes = new Map(
    tables.map(({ logicalId }) => [refOf(logicalId), camelCase(logicalId.replace(/^Tables|.{8}$/g, ''))]),
  );
  let currentConduct = ordinaryConduct;
  const context = { now: system.clock, random: conduct.next, fault: async () => {}, conduct: () => currentConduct };
  const dynamodb = simDynamodb(
    tables.map(({ logicalId, properties }) => tableOfTemplate(refOf(logicalId), properties)),
    context,
  );
  const streams = deployment.all(kinesisStream);
  const kinesis = simKinesis(
    streams.map(({ logicalId, properties }) => ({ name: refOf(logicalId), shards: properties.ShardCount ?? 1 })),
    context,
  );
  const buckets = deployment.all(s3Bucket).map(({ logicalId }) => refOf(logicalId));
  const s3 = simS3(buckets, context);
  const queueResources = deployment.all(sqsQueue);
  const sqs = simSqs(
    queueResources.map(({ logicalId, properties }) => ({
      arn: arnOf(logicalId),
      url: refOf(logicalId),
      visibilityTimeoutMs: properties.VisibilityTimeout * 1_000,
    })),
    context,
  );

  /** Lambda asks for records a while after they were written, and gets what has come together by then. */
  const polled = (reader: ShardReader): ShardReader => ({
    ...reader,
    onWritten: (wake) => {
      let isPlanned = false;
      reader.onWritten?.(() => {
        if (isPlanned) return;
        isPlanned = true;
        system.after(chance.between(10, POLLED_WITHIN_MS), () => {
          isPlanned = false;
          wake();
        });
      });
    },
  });
  const readStream = (arn: string): ShardReader =>
    polled(arn.includes(':kinesis:') ? kinesis.reader(arn, account) : dynamodb.stream(tableInArn(arn), arn, account));

  const invoke = (functionArn: string, event: unknown): Promise<unknown> => functions.invoke(functionArn, event);
  const deliverTo = async (arn: string, { body, objectKey = system.uuid() }: Delivery): Promise<void> => {
    const service = arn.split(':')[2];
    if (service === 'lambda') return invocations.add({ functionArn: arn, event: body, queuedAt: system.clock() });
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
      .all(lambdaEventInvokeConfig)
      .map(({ properties }) => [properties.FunctionName.replace(/^.*:function:/, ''), asyncSettings(properties)]),
  );
  const invocations = await asyncQueue({
    ...shared,
    invoke,
    deliverFailure,
    settingsOf: (functionArn) => settings.get(functionArn.replace(/^.*:function:/, '')) ?? asyncDefaults,
  });

  const ruleDeliveries = await targetDeliveries('rule-deliveries', shared);
  const busName = refOf(deployment.all(eventBus)[0]?.logicalId ?? '');
  const bus = simEventBridge(
    {
      names: [busName],
      rules: deployment.all(eventRule),
      account,
      deliver: (delivery) => void ruleDeliveries.add(delivery),
    },
    context,
  );

  const definitions = new Map(
    deployment.all(stateMachine).map(({ logicalId, properties }) => [arnOf(logicalId), properties.DefinitionString]),
  );
  const states = simStepFunctions([...definitions.keys()], context);
  runWorkflows(states, { definitions, invoke, report });

  const distribution = deployment.all(cloudfrontDistribution)[0];
  if (distribution === undefined) throw new Error('The template has no CloudFront distribution');
  const codes = new Map(
    deployment
      .all(cloudfrontFunction)
      .map(({ logicalId, properties }) => [
        deployment.physical(logicalId).attributes.FunctionARN,
        properties.FunctionCode,
      ]),
  );
  const gateway = simulatedGateway(deployed, {
    account,
    system,
    invoke,
    interferences,
    trace,
    heard: options.heard,
    posted: options.posted,
    frontDoor: frontDoor(distribution, (arn) => codes.get(arn) ?? '', system.uuid),
  });

  const topics = deployment.all(snsTopic).map(({ logicalId }) => refOf(logicalId));
  const sns = simSns(topics, context);
  const services = new Map<unknown, Service>([
    [DocumentClient, { name: 'dynamodb', send: dynamodb.send }],
    [KinesisClient, serviceOf('kinesis', kinesis)],
    [S3Client, serviceOf('s3', s3)],
    [SQSClient, serviceOf('sqs', sqs)],
    [EventBridgeClient, serviceOf('events', bus)],
    [SFNClient, serviceOf('states', states)],
    [SNSClient, serviceOf('sns', sns)],
    // Nobody here speaks MQTT.
    [
      IoTDataPlaneClient,
      serviceOf(
        'iot',
        simIotData(() => {}, context),
      ),
    ],
    [ApiGatewayManagementApiClient, serviceOf('sockets', simManagementApi(gateway.connection, context))],
  ]);
  const delays = chance.fork('latency');
  const ports: ClientPorts = {
    services,
    system,
    interferences,
    trace,
    purposeOf: (table) => purposes.get(table) ?? table,
    // Most answers are there at once as far as anybody else can tell; now and then others come first.
    latencyMs: () => (delays.chance(0.15) ? delays.between(1, 40) : 0),
  };
  const functions = simulatedFunctions(deployed, ports);

  const checkpoints = await openCheckpoints(journal, report);
  const mappings = deployment.all(eventSourceMapping).filter(({ properties }) => properties.Enabled);
  const [ofQueues, ofStreams] = [mappings.filter(isOfQueue), mappings.filter((mapping) => !isOfQueue(mapping))];
  for (const { properties } of ofQueues)
    consumeQueue(
      sqs,
      {
        queueArn: properties.EventSourceArn,
        batchSize: Math.min(properties.BatchSize, 10),
        consume: queueSource(properties, invoke),
      },
      system,
    );
  const follow = (mapping: (typeof ofStreams)[number], own: Checkpoints): Poller =>
    startEventSource(mapping, readStream(mapping.properties.EventSourceArn), {
      invoke,
      deliverFailure,
      report,
      system,
      checkpoints: own,
      handedOver: () => {},
      polling: POLLING,
    });
  for (const mapping of ofStreams) follow(mapping, checkpoints(mapping.logicalId));
  const scheduleDeliveries = await targetDeliveries('schedule-deliveries', shared);
  startSchedules(deployment.all(schedule), { deliver: scheduleDeliveries.add, report, system });

  const onlooker = { entry: 'onlooker', isAlive: () => true, crash: () => {} };
  const names = new Map([...purposes].map(([name, purpose]) => [purpose, name]));
  for (const { logicalId } of streams) names.set(logicalId.startsWith('Ocpp') ? 'ocpp' : 'signals', refOf(logicalId));
  const nameOf = (purpose: string): string => {
    const found = names.get(purpose);
    if (found === undefined) throw new Error(`The stack has no ${purpose}: ${[...names.keys()].join(', ')}`);
    return found;
  };
  const put = async ({ source, type, detail }: OutsideEvent): Promise<void> => {
    const entry = { EventBusName: busName, Source: source, DetailType: type, Detail: JSON.stringify(detail) };
    const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
    if (Entries[0]?.EventId === undefined) return put({ source, type, detail });
  };
  return {
    gateway,
    functions,
    dynamodb,
    parked: () => buckets.flatMap((bucket) => s3.objects(bucket)),
    deadLetters: () => {
      const read = new Set(ofQueues.map(({ properties }) => properties.EventSourceArn));
      const unread = queueResources.map(({ logicalId }) => arnOf(logicalId)).filter((arn) => !read.has(arn));
      return unread.flatMap((arn) => sqs.messages(arn).map(({ body }) => body));
    },
    open: simulatedClients(onlooker, {
      ...ports,
      interferences: { ...interferences, areNone: () => true, request: () => undefined },
      latencyMs: () => 0,
    }),
    nameOf,
    reshard: (chosen) => {
      const stream = nameOf('ocpp');
      // In the order of their hash keys: neighbours can be merged.
      const open = kinesis.openShards(stream);
      const at = chosen.integer(0, open.length - 1);
      const [one, other] = open.slice(at);
      if (one === undefined) return;
      if (other !== undefined && chosen.chance(0.5)) kinesis.merge(stream, one, other);
      else kinesis.split(stream, one);
    },
    readTwice: (chosen) => {
      const mapping = ofStreams[chosen.integer(0, ofStreams.length - 1)];
      if (mapping === undefined) return async () => {};
      const place = new Map(checkpoints(mapping.logicalId).all());
      return follow(mapping, {
        of: (shardId) => place.get(shardId),
        all: () => [...place],
        set: (shardId, sequenceNumber) => void place.set(shardId, sequenceNumber),
      }).stop;
    },
    put,
    events: () => bus.events(busName),
    notifications: () => topics.flatMap((topic) => sns.published(topic)),
    behave: (next) => {
      const before = currentConduct;
      currentConduct = next;
      return () => {
        currentConduct = before;
      };
    },
  };
};
