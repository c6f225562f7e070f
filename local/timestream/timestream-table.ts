import { z } from 'zod';
import { arnOf, ignored, nameOf, type ResourceKind } from '../template/resource-kind.ts';

const Database = z.strictObject({ DatabaseName: z.string().optional(), KmsKeyId: ignored, Tags: ignored });

const text = z.union([z.string(), z.number()]).transform(Number);

const Table = z.strictObject({
  DatabaseName: z.string(),
  TableName: z.string().optional(),
  RetentionProperties: z.strictObject({
    MemoryStoreRetentionPeriodInHours: text,
    MagneticStoreRetentionPeriodInDays: text,
  }),
  MagneticStoreWriteProperties: z
    .strictObject({ EnableMagneticStoreWrites: z.boolean(), MagneticStoreRejectedDataLocation: ignored })
    .optional(),
  Schema: ignored,
  Tags: ignored,
});

export const timestreamDatabaseKind: ResourceKind<z.infer<typeof Database>> = {
  type: 'AWS::Timestream::Database',
  properties: Database,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'DatabaseName', property, account);
    return { ref: name, attributes: { Arn: arnOf('timestream', `database/${name}`, account) } };
  },
};

export const timestreamTable: ResourceKind<z.infer<typeof Table>> = {
  type: 'AWS::Timestream::Table',
  properties: Table,
  physical: (logicalId, property, account) => {
    const name = nameOf(logicalId, 'TableName', property, account);
    const database = String(property('DatabaseName'));
    return {
      ref: `${database}|${name}`,
      attributes: { Name: name, Arn: arnOf('timestream', `database/${database}/table/${name}`, account) },
    };
  },
};

/** A table as its template describes it. */
export type TimestreamTableSetup = {
  readonly database: string;
  readonly table: string;
  readonly memoryHours: number;
  readonly magneticDays: number;
  readonly magneticWrites: boolean;
};

/** The setup of a table resource, by the name it got. */
export const timestreamTableSetup = (table: string, properties: z.infer<typeof Table>): TimestreamTableSetup => ({
  database: properties.DatabaseName,
  table,
  memoryHours: properties.RetentionProperties.MemoryStoreRetentionPeriodInHours,
  magneticDays: properties.RetentionProperties.MagneticStoreRetentionPeriodInDays,
  magneticWrites: properties.MagneticStoreWriteProperties?.EnableMagneticStoreWrites ?? false,
});
