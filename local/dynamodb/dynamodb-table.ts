import { z } from 'zod';
import type { AwsJsonCall } from '../http/aws-json-call.ts';
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
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    })),
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

/** The ARN DynamoDB Local gave the table's stream. */
export const streamOfTable = async (call: AwsJsonCall, tableName: string): Promise<string> => {
  const { Table: described } = z
    .object({ Table: z.object({ LatestStreamArn: z.string() }) })
    .parse(await call(target('DescribeTable'), { TableName: tableName }));
  return described.LatestStreamArn;
};
