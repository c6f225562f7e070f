import { dynamodbTable } from '../../local/dynamodb/dynamodb-table.ts';
import { eventBus, eventRule } from '../../local/eventbridge/event-rule.ts';
import type { TargetDelivery } from '../../local/eventbridge/target-delivery.ts';
import { kinesisStream } from '../../local/kinesis/kinesis-stream.ts';
import { s3Bucket } from '../../local/s3/s3-bucket.ts';
import { snsTopic } from '../../local/sns/sns-topic.ts';
import { sqsQueue } from '../../local/sqs/sqs-queue.ts';
import { stateMachine } from '../../local/stepfunctions/state-machine.ts';
import { type SimDynamodb, simDynamodb } from '../services/dynamodb/sim-dynamodb.ts';
import { tableOfTemplate } from '../services/dynamodb/table-definition.ts';
import { type SimEventBridge, simEventBridge } from '../services/sim-event-bridge.ts';
import { type MqttMessage, type SimIotData, simIotData } from '../services/sim-iot-data.ts';
import { type SimKinesis, simKinesis } from '../services/sim-kinesis.ts';
import { type SimS3, simS3 } from '../services/sim-s3.ts';
import { type Conduct, ordinaryConduct, type SimServiceContext } from '../services/sim-service-context.ts';
import { type SimSns, simSns } from '../services/sim-sns.ts';
import { type SimSqs, simSqs } from '../services/sim-sqs.ts';
import { type SimStepFunctions, simStepFunctions } from '../services/sim-step-functions.ts';
import type { Deployed } from './deployed.ts';

/** The services of a template in memory, with the names of what it has in them. */
export type SimulatedServices = {
  readonly dynamodb: SimDynamodb;
  readonly kinesis: SimKinesis;
  readonly s3: SimS3;
  readonly sqs: SimSqs;
  readonly sns: SimSns;
  readonly bus: SimEventBridge;
  readonly states: SimStepFunctions;
  readonly iot: SimIotData;
  /** Definitions of state machines by their ARN. */
  readonly definitions: ReadonlyMap<string, string>;
  readonly names: {
    readonly bus: string;
    readonly buckets: readonly string[];
    readonly topics: readonly string[];
    readonly queueArns: readonly string[];
  };
  /** The name of a table or stream, by its purpose (`connectors`, `ocpp`). */
  readonly nameOf: (purpose: string) => string;
  /** What a table is for, by its name. */
  readonly purposeOf: (table: string) => string;
  readonly context: SimServiceContext;
  /** How far services go within what they promise; the result puts it back. */
  readonly behave: (conduct: Conduct) => () => void;
};

export type ServicesPorts = {
  readonly now: () => number;
  readonly random: () => number;
  /** Takes an event of the bus on its way to a target. */
  readonly deliver: (delivery: TargetDelivery) => void;
  /** Takes what is published over MQTT. */
  readonly publish: (message: MqttMessage) => void;
};

const camelCase = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
/** Logical ids are made of the construct's path: TablesConnectors7D8771FF. */
const purposeIn = (logicalId: string): string => camelCase(logicalId.replace(/^Tables|.{8}$/g, ''));

/** The tables, streams, buckets, queues, topics, rules and workflows of the template, all of them empty. */
export const simulatedServices = (
  { account, deployment }: Deployed,
  { now, random, deliver, publish }: ServicesPorts,
): SimulatedServices => {
  const refOf = (logicalId: string): string => deployment.physical(logicalId).ref;
  const arnOf = (logicalId: string): string => deployment.physical(logicalId).attributes.Arn ?? '';
  let conduct = ordinaryConduct;
  const context: SimServiceContext = { now, random, fault: async () => {}, conduct: () => conduct };

  const tables = deployment.all(dynamodbTable);
  const streams = deployment.all(kinesisStream);
  const queues = deployment.all(sqsQueue);
  const buckets = deployment.all(s3Bucket).map(({ logicalId }) => refOf(logicalId));
  const topics = deployment.all(snsTopic).map(({ logicalId }) => refOf(logicalId));
  const bus = refOf(deployment.all(eventBus)[0]?.logicalId ?? '');
  const definitions = new Map(
    deployment.all(stateMachine).map(({ logicalId, properties }) => [arnOf(logicalId), properties.DefinitionString]),
  );
  const purposes = new Map(tables.map(({ logicalId }) => [refOf(logicalId), purposeIn(logicalId)]));
  const byPurpose = new Map([
    ...[...purposes].map(([name, purpose]) => [purpose, name] as const),
    ...streams.map(({ logicalId }) => [logicalId.startsWith('Ocpp') ? 'ocpp' : 'signals', refOf(logicalId)] as const),
  ]);

  return {
    dynamodb: simDynamodb(
      tables.map(({ logicalId, properties }) => tableOfTemplate(refOf(logicalId), properties)),
      context,
    ),
    kinesis: simKinesis(
      streams.map(({ logicalId, properties }) => ({ name: refOf(logicalId), shards: properties.ShardCount ?? 1 })),
      context,
    ),
    s3: simS3(buckets, context),
    sqs: simSqs(
      queues.map(({ logicalId, properties }) => ({
        arn: arnOf(logicalId),
        url: refOf(logicalId),
        visibilityTimeoutMs: properties.VisibilityTimeout * 1_000,
      })),
      context,
    ),
    sns: simSns(topics, context),
    bus: simEventBridge({ names: [bus], rules: deployment.all(eventRule), account, deliver }, context),
    states: simStepFunctions([...definitions.keys()], context),
    iot: simIotData(publish, context),
    definitions,
    names: { bus, buckets, topics, queueArns: queues.map(({ logicalId }) => arnOf(logicalId)) },
    nameOf: (purpose) => {
      const found = byPurpose.get(purpose);
      if (found === undefined) throw new Error(`The stack has no ${purpose}: ${[...byPurpose.keys()].join(', ')}`);
      return found;
    },
    purposeOf: (table) => purposes.get(table) ?? table,
    context,
    behave: (next) => {
      const before = conduct;
      conduct = next;
      return () => {
        conduct = before;
      };
    },
  };
};
