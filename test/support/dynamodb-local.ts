import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TestProject } from 'vitest/node';
import { tableShapes } from '../../lib/stores/tables.ts';
import { startDynamodb } from '../../local/dynamodb/dynamodb-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Endpoint of the DynamoDB Local that this test run started. */
    dynamodbEndpoint: string;
  }
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A client of the DynamoDB Local at `endpoint`. */
export const localClient = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 3 });

/** The same, speaking plain objects as the product does. */
export const localDocuments = (endpoint: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(localClient(endpoint), { marshallOptions: { removeUndefinedValues: true } });

/** Starts DynamoDB Local once per test run and tells the tests where it is. Needs Java 17 or Docker. */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const dynamodb = await startDynamodb(0);
  await dynamodb.ready;
  provide('dynamodbEndpoint', `http://127.0.0.1:${dynamodb.port}`);
  return dynamodb.stop;
};

type TableShape = (typeof tableShapes)[keyof typeof tableShapes];

/** Creates one of the product's tables under a name of its own, with its indexes and its change stream; returns the name. */
export const createTable = async (client: DynamoDBClient, name: keyof typeof tableShapes): Promise<string> => {
  const shape: TableShape & { sort?: TableShape['key']; indexes?: object; changes?: boolean } = tableShapes[name];
  const indexes = Object.entries<readonly [TableShape['key'], TableShape['key']]>({ ...shape.indexes });
  const keys = [shape.key, ...(shape.sort ? [shape.sort] : []), ...indexes.flatMap(([, pair]) => pair)];
  const types = new Map(keys.map((key) => [key.name, key.type]));
  const schema = (hash: string, range?: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
  const TableName = `${name}-${crypto.randomUUID()}`;
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
