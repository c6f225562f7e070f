import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type TableName, type TableShape, tableNames, tableShapes } from '../../lib/stores/tables.ts';

const createTable = async (client: DynamoDBClient, name: TableName): Promise<void> => {
  const shape: TableShape = tableShapes[name];
  const indexes = Object.entries(shape.indexes ?? {});
  const keys = [shape.key, ...(shape.sort ? [shape.sort] : []), ...indexes.flatMap(([, pair]) => pair)];
  const schema = (hash: string, range?: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schema(shape.key.name, shape.sort?.name),
      AttributeDefinitions: [...new Map(keys.map((key) => [key.name, key.type]))].map(
        ([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }),
      ),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map(([IndexName, [hash, range]]) => ({
          IndexName,
          KeySchema: schema(hash.name, range.name),
          Projection: { ProjectionType: shape.projection === 'ALL' ? ('ALL' as const) : ('KEYS_ONLY' as const) },
        })),
      }),
      ...(shape.changes && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
    }),
  );
};

/** Makes the tables as the stack declares them. */
export const createTables = async (): Promise<void> => {
  const client = new DynamoDBClient({});
  for (const name of tableNames) await createTable(client, name);
  client.destroy();
};
