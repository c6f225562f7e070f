import type { Construct } from 'constructs';
import type { BundledFunction } from '../constructs/bundled-function.ts';
import type { ParkedRecords } from '../constructs/parked-records.ts';
import type { Deployment } from '../deployment.ts';
import type { Tables } from './tables.ts';
import { TimestreamWindows } from './timestream-windows.ts';

/** Where a deployment keeps its windows; both kinds are wired in the same way. */
export type Windows = {
  /** As Lambdas take it from WINDOW_STORE: 'timestream:<database>/<table>+<table of DynamoDB>' or
   * 'dynamodb:<table>'. */
  readonly location: string;
  readonly writableBy: (writer: BundledFunction<unknown>) => void;
  readonly readableBy: (reader: BundledFunction<unknown>) => void;
};

/** The window store of the stage (`windowStore`). */
export const windows = (
  scope: Construct,
  id: string,
  { deployment, tables, parked }: { deployment: Deployment; tables: Tables; parked: ParkedRecords },
): Windows => {
  const table: Windows = {
    location: `dynamodb:${tables.nameOf('windows')}`,
    // A quarter of an hour is written as one item: what it holds already is read first.
    writableBy: (writer) => writer.allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem'], tables.arnOf('windows')),
    readableBy: (reader) => reader.allow(['dynamodb:BatchGetItem', 'dynamodb:Query'], tables.arnOf('windows')),
  };
  if (deployment.stage.windowStore === 'dynamodb') return table;
  const timestream = new TimestreamWindows(scope, id, { deployment, parked });
  return {
    // The table holds what was written lately, which the work of every minute reads: each query of Timestream is billed.
    location: `timestream:${timestream.databaseName}/${timestream.tableName}+${tables.nameOf('windows')}`,
    writableBy: (writer) => {
      table.writableBy(writer);
      timestream.writableBy(writer);
    },
    readableBy: (reader) => {
      table.readableBy(reader);
      timestream.readableBy(reader);
    },
  };
};
