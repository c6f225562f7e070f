import { z } from 'zod';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
import { ServiceError } from '../http/http-server.ts';
import { LocalProblem } from '../local-problem.ts';
import { arnOf, ignored, nameOf, type Resource, type ResourceKind } from '../template/resource-kind.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});

const Table = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: projection,
        ContributorInsightsSpecification: ignored,
        OnDemandThroughput: ignored,
        WarmThroughput: ignored,
      }),
    )
    .optional(),
  StreamSpecification: z
    .strictObject({ StreamViewType: z.enum(['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY']) })
    .optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  BillingMode: ignored,
  ContributorInsightsSpecification: ignored,
  DeletionProtectionEnabled: ignored,
  OnDemandThroughput: ignored,
  PointInTimeRecoverySpecification: ignored,
  SSESpecification: ignored,
  TableClass: ignored,
  Tags: ignored,
  WarmThroughput: ignored,
});
export type TableProperties = z.infer<typeof Table>;

/** Fixed, so that ids resolve before the table exists; DynamoDB Local's own label is looked up by table name. */
const streamLabel = '2026-01-01T00:00:00.000';

export const dynamodbTable: ResourceKind<TableProperties> = {
  type: 'AWS::DynamoDB::Table',
  properties: Table,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'TableName', property, account);
    const arn = arnOf('dynamodb', `table/${name}`, account);
    return { ref: name, attributes: { Arn: arn, StreamArn: `${arn}/stream/${streamLabel}`, TableId: name } };
  },
};

/** The table's name in an ARN of it, of its stream or of one of its indexes. */
export const tableInArn = (arn: string): string => /:table\/([^/]+)/.exec(arn)?.[1] ?? arn;

const target = (operation: string) => `DynamoDB_20120810.${operation}`;

const indexesOf = ({ GlobalSecondaryIndexes }: TableProperties) =>
  GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));

/** Creates the table with its indexes, stream and TTL. DynamoDB Local expires TTL items as the service does. */
export const createTable = async (
  call: AwsJsonCall,
  tableName: string,
  { properties }: Resource<TableProperties>,
): Promise<void> => {
  await call(target('CreateTable'), {
    TableName: tableName,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    GlobalSecondaryIndexes: indexesOf(properties),
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: properties.StreamSpecification && {
      StreamEnabled: true,
      StreamViewType: properties.StreamSpecification.StreamViewType,
    },
  });
  if (properties.TimeToLiveSpecification?.Enabled)
    await call(target('UpdateTimeToLive'), {
      TableName: tableName,
      TimeToLiveSpecification: properties.TimeToLiveSpecification,
    });
};

const Described = z.object({
  Table: z.object({
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string(), KeySchema: keySchema })).default([]),
  }),
});

/**
 * Creates the table, or gives one of an earlier run the indexes that came since. Throws LocalProblem when the table there has
 * another key, or one of its indexes: its items cannot be carried over.
 */
export const bringAboutTable = async (
  call: AwsJsonCall,
  tableName: string,
  resource: Resource<TableProperties>,
): Promise<void> => {
  try {
    return await createTable(call, tableName, resource);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ResourceInUseException') throw error;
  }
  const { properties } = resource;
  const { Table: found } = Described.parse(await call(target('DescribeTable'), { TableName: tableName }));
  const names = (keys: typeof found.KeySchema) => keys.map(({ AttributeName }) => AttributeName).join();
  const refuseOther = (what: string, there: typeof found.KeySchema, wanted: typeof found.KeySchema): void => {
    if (names(there) === names(wanted)) return;
    throw new LocalProblem(
      `${what} in the data folder has the key ${names(there)}, and this version wants ${names(wanted)}`,
      'Start with another --data folder',
    );
  };
  refuseOther(`The table ${tableName}`, found.KeySchema, properties.KeySchema);
  const there = new Map(found.GlobalSecondaryIndexes.map((index) => [index.IndexName, index]));
  for (const index of indexesOf(properties) ?? []) {
    const known = there.get(index.IndexName);
    // Items of before lack the attributes of another key: the index would not list them.
    if (known !== undefined) refuseOther(`Index ${index.IndexName} of ${tableName}`, known.KeySchema, index.KeySchema);
    else
      await call(target('UpdateTable'), {
        TableName: tableName,
        AttributeDefinitions: properties.AttributeDefinitions,
        GlobalSecondaryIndexUpdates: [{ Create: index }],
      });
  }
};

/** The ARN DynamoDB Local gave the table's stream. */
export const streamOfTable = async (call: AwsJsonCall, tableName: string): Promise<string> => {
  const { Table: described } = z
    .object({ Table: z.object({ LatestStreamArn: z.string() }) })
    .parse(await call(target('DescribeTable'), { TableName: tableName }));
  return described.LatestStreamArn;
};
