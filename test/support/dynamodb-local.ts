import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TestProject } from 'vitest/node';
import { DocumentClient } from '../../aws/dynamodb/document-client.ts';
import { type TableShape, tableShapes } from '../../lib/stores/tables.ts';
import { startDynamodb } from '../../local/dynamodb/dynamodb-process.ts';
import { type SimDynamodb, simDynamodb } from '../../sim/services/dynamodb/sim-dynamodb.ts';
import { tableOfShape } from '../../sim/services/dynamodb/table-definition.ts';
import { obligingConduct } from '../../sim/services/sim-service-context.ts';
import { randomFrom } from '../sim/services/random-operations.ts';
import { simulatedDocuments } from './simulated-documents.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /**
     * Endpoint of the DynamoDB Local that this test run started, or SIMULATED: the suites of the adapters run on both, each as a
     * project of its own (vitest.config.ts).
     */
    dynamodbEndpoint: string;
  }
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Stands for an endpoint: the DynamoDB of the simulation, one for each test file. */
export const SIMULATED = 'simulated';

let opened: SimDynamodb | undefined;

/** As fresh as DynamoDB Local, because suites read what they have just written; its batches are less obliging. */
const simulated = (): SimDynamodb => {
  opened ??= simDynamodb([], {
    now: Date.now,
    random: randomFrom(1),
    fault: async () => undefined,
    conduct: () => ({ ...obligingConduct, deferred: 0.05 }),
  });
  return opened;
};

/** A client of the DynamoDB Local at `endpoint`, or of the simulated one. */
export const localClient = (endpoint: string): DynamoDBClient =>
  endpoint === SIMULATED
    ? simulated().client
    : new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 3 });

/** The same, speaking plain objects as the product does. */
export const localDocuments = (endpoint: string): DynamoDBDocumentClient =>
  endpoint === SIMULATED
    ? simulatedDocuments(simulated())
    : new DocumentClient({ endpoint, region: 'local', credentials, maxAttempts: 3 });

/** Starts DynamoDB Local once per test run and tells the tests where it is. Needs Java 17 or Docker. */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const dynamodb = await startDynamodb(0);
  await dynamodb.ready;
  provide('dynamodbEndpoint', `http://127.0.0.1:${dynamodb.port}`);
  return dynamodb.stop;
};

/** Creates one of the product's tables under a name of its own, with its indexes and its change stream; returns the name. */
export const createTable = async (client: DynamoDBClient, name: keyof typeof tableShapes): Promise<string> => {
  const shape: TableShape = tableShapes[name];
  const indexes = Object.entries(shape.indexes ?? {});
  const keys = [shape.key, ...(shape.sort ? [shape.sort] : []), ...indexes.flatMap(([, pair]) => pair)];
  const types = new Map(keys.map((key) => [key.name, key.type]));
  const schema = (hash: string, range?: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
  const TableName = `${name}-${crypto.randomUUID()}`;
  if (client === opened?.client) {
    opened.create(tableOfShape(TableName, shape));
    return TableName;
  }
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schema(shape.key.name, shape.sort?.name),
      AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      ...(indexes.length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: indexes.map(([IndexName, [hash, range]]) => ({
              IndexName,
              KeySchema: schema(hash.name, range.name),
              Projection: { ProjectionType: 'ALL' as const },
            })),
          }),
      ...(shape.changes
        ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const } }
        : {}),
    }),
  );
  return TableName;
};
