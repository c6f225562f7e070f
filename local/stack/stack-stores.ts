import { mkdirSync } from 'node:fs';
import { createTable, dynamodbTable } from '../dynamodb/dynamodb.ts';
import { startDynamodb } from '../dynamodb/dynamodb-process.ts';
import { type AwsJsonCall, awsJsonCall } from '../http/aws-json-call.ts';
import { type Kinesis, kinesisStream, startKinesis } from '../kinesis/kinesis.ts';
import type { LocalProblem } from '../local-problem.ts';
import { inMemoryQueues, type Queues, sqsQueue } from '../messaging/queues.ts';
import { type Notification, snsServer, snsTopic } from '../messaging/topics.ts';
import { type ObjectStore, objectStore, s3Bucket, s3Server } from '../s3/s3.ts';
import {
  timestreamDatabaseKind,
  timestreamEndpoint,
  timestreamTableKind,
  timestreamTableSetup,
} from '../timestream/timestream.ts';
import { arnIn, refIn, type StackContext, urlAt } from './stack-context.ts';

/** Where data rests, with the addresses the AWS SDK reaches it under. */
export type Stores = {
  readonly dynamodb: AwsJsonCall;
  readonly dynamodbPort: number;
  readonly kinesis: Kinesis;
  readonly objects: ObjectStore;
  readonly queues: Queues;
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when a store is lost while the stack runs. */
  readonly broken: Promise<LocalProblem>;
};

export const startStores = async (
  context: StackContext,
  objectFolder: string,
  dynamodbPort: number,
  notified: (notification: Notification) => void,
): Promise<Stores> => {
  // DynamoDB's Java machine takes longest: the rest starts beside it.
  const databaseStarting = startDatabase(context, dynamodbPort);
  // Whoever waits for it below reports the failure; until then it must not count as unhandled.
  databaseStarting.catch(() => undefined);
  const { deployment } = context;
  const kinesis = await startKinesis(context.now);
  context.onStop(kinesis.stop);
  for (const { logicalId, properties } of deployment.all(kinesisStream))
    kinesis.createStream(refIn(context, logicalId), properties.ShardCount ?? 1);

  mkdirSync(objectFolder, { recursive: true });
  const objects = objectStore(objectFolder);
  const buckets = new Set(deployment.all(s3Bucket).map(({ logicalId }) => refIn(context, logicalId)));
  const s3Port = await context.open(s3Server(objects, buckets), 0, '--s3-port');

  const queues = inMemoryQueues(deployment.all(sqsQueue).map(({ logicalId }) => arnIn(context, logicalId)));
  const topics = new Set(deployment.all(snsTopic).map(({ logicalId }) => refIn(context, logicalId)));
  const snsPort = await context.open(snsServer(topics, notified), 0, '--sns-port');
  const timestream = await startTimestream(context);
  const { call, port, broken } = await databaseStarting;
  return {
    dynamodb: call,
    dynamodbPort: port,
    kinesis,
    objects,
    queues,
    broken,
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: urlAt(port),
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: urlAt(port),
      AWS_ENDPOINT_URL_KINESIS: urlAt(kinesis.port),
      AWS_ENDPOINT_URL_S3: urlAt(s3Port),
      AWS_ENDPOINT_URL_SNS: urlAt(snsPort),
      ...timestream,
    },
  };
};

const startDatabase = async (context: StackContext, wantedPort: number) => {
  const starting = startDynamodb(wantedPort);
  // Registered at once: the stack may have to stop while Java still starts.
  context.onStop(() =>
    starting.then(
      ({ stop }) => stop(),
      () => undefined,
    ),
  );
  const { port, broken } = await starting;
  const { call, close } = awsJsonCall(port, 'dynamodb', context.account.region);
  context.onStop(close);
  const tables = context.deployment.all(dynamodbTable);
  await Promise.all(tables.map((table) => createTable(call, refIn(context, table.logicalId), table)));
  return { call, port, broken };
};

/** DuckDB is loaded only for a template that has windows in Timestream. */
const startTimestream = async (context: StackContext): Promise<Record<string, string>> => {
  const { deployment } = context;
  deployment.all(timestreamDatabaseKind);
  const tables = deployment
    .all(timestreamTableKind)
    .map(({ logicalId, properties }) =>
      timestreamTableSetup(deployment.physical(logicalId).attributes.Name ?? '', properties),
    );
  if (tables.length === 0) return {};
  const { server, close } = await timestreamEndpoint(tables, context.now);
  context.onStop(close);
  const url = urlAt(await context.open(server, 0, '--timestream-port'));
  return { AWS_ENDPOINT_URL_TIMESTREAM_QUERY: url, AWS_ENDPOINT_URL_TIMESTREAM_WRITE: url };
};
