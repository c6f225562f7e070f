import type { Server } from 'node:http';
import { z } from 'zod';
import { type HttpRequest, httpServer, jsonReply, loopback, type Reply, ServiceError } from '../http/http-server.ts';
import {
  timestreamDatabase as openDatabase,
  type TimestreamRecord,
  type TimestreamRows,
} from './timestream-database.ts';
import type { TimestreamTableSetup } from './timestream-table.ts';

const Dimension = z.strictObject({ Name: z.string(), Value: z.string(), DimensionValueType: z.string().optional() });
const MeasureValue = z.strictObject({
  Name: z.string(),
  Value: z.string(),
  Type: z.enum(['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN']),
});
const WriteRecords = z.strictObject({
  DatabaseName: z.string(),
  TableName: z.string(),
  Records: z
    .array(
      z.strictObject({
        Dimensions: z.array(Dimension).min(1),
        MeasureName: z.string().min(1),
        MeasureValueType: z.literal('MULTI'),
        MeasureValues: z.array(MeasureValue).min(1).max(256),
        Time: z.string().regex(/^\d+$/),
        TimeUnit: z.literal('MILLISECONDS'),
        Version: z.number().int().positive().optional(),
      }),
    )
    .min(1)
    .max(100),
});
const Query = z.strictObject({
  QueryString: z.string().min(1),
  NextToken: z.string().optional(),
  MaxRows: z.number().int().positive().optional(),
  ClientToken: z.string().optional(),
});

const HOUR_MS = 3_600_000;
/** Real time may run ahead of the service's by this much. */
const FUTURE_MS = 15 * 60_000;
const ROWS_PER_PAGE = 1000;

type Rejection = { RecordIndex: number; Reason: string; ExistingVersion?: number };

const outsideRetention = (setup: TimestreamTableSetup, time: number, now: number): boolean => {
  const oldest = setup.magneticWrites ? now - setup.magneticDays * 24 * HOUR_MS : now - setup.memoryHours * HOUR_MS;
  return time < oldest || time > now + FUTURE_MS;
};

const parsed = <Shape>(shape: z.ZodType<Shape>, input: unknown): Shape => {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  throw new ServiceError('ValidationException', z.prettifyError(result.error));
};

export type TimestreamEndpoint = { readonly server: Server; readonly close: () => Promise<void> };

/**
 * Timestream's write and query endpoints over DuckDB, in memory: WriteRecords with versions, retention and rejected records;
 * Query for plain SQL that both understand, with pages; DescribeEndpoints. `now` is the clock that retention is judged by.
 */
export const timestreamEndpoint = async (
  tables: readonly TimestreamTableSetup[],
  now: () => number,
): Promise<TimestreamEndpoint> => {
  const database = await openDatabase();
  const stores = new Map<string, { readonly setup: TimestreamTableSetup; readonly rows: TimestreamRows }>();
  for (const setup of tables)
    stores.set(`${setup.database}|${setup.table}`, { setup, rows: await database.table(setup.database, setup.table) });
  const pages = new Map<string, { readonly columns: unknown; readonly rows: readonly unknown[] }>();
  let pageCount = 0;

  const write = (input: unknown): Reply => {
    const { DatabaseName, TableName, Records } = parsed(WriteRecords, input);
    const store = stores.get(`${DatabaseName}|${TableName}`);
    if (store === undefined)
      throw new ServiceError('ResourceNotFoundException', `The table ${TableName} of ${DatabaseName} does not exist`);
    const rejected: Rejection[] = [];
    for (const [index, { Dimensions, MeasureName, MeasureValues, Time, Version = 1 }] of Records.entries()) {
      const time = Number(Time);
      const record: TimestreamRecord = {
        dimensions: Dimensions.map(({ Name, Value }) => [Name, Value] as const),
        measureName: MeasureName,
        time,
        version: Version,
        values: MeasureValues.map(({ Name, Value, Type }) => [Name, Type, Value] as const),
      };
      const refusal = outsideRetention(store.setup, time, now())
        ? { Reason: 'The record timestamp is outside the time range of the data ingestion window.' }
        : store.rows.put(record);
      if (refusal !== undefined) rejected.push({ RecordIndex: index, ...refusal });
    }
    if (rejected.length === 0) return jsonReply({ RecordsIngested: { Total: Records.length } });
    const __type = 'com.amazonaws.timestream.v20181101#RejectedRecordsException';
    const Message = 'One or more records have been rejected. See RejectedRecords for details.';
    return jsonReply({ __type, Message, RejectedRecords: rejected }, 419);
  };

  const query = async (input: unknown): Promise<Reply> => {
    const { QueryString, NextToken, MaxRows = ROWS_PER_PAGE } = parsed(Query, input);
    const known = NextToken === undefined ? undefined : pages.get(NextToken);
    if (NextToken !== undefined && known === undefined)
      throw new ServiceError('ValidationException', 'Invalid NextToken');
    if (NextToken !== undefined) pages.delete(NextToken);
    const { columns, rows } = known ?? (await database.query(QueryString));
    const rest = rows.slice(MaxRows);
    const next = `page-${pageCount}`;
    if (rest.length > 0) {
      pageCount += 1;
      pages.set(next, { columns, rows: rest });
    }
    return jsonReply({
      QueryId: 'local',
      ColumnInfo: columns,
      Rows: rows.slice(0, MaxRows),
      NextToken: rest.length > 0 ? next : undefined,
    });
  };

  const answer = async ({ headers, body }: HttpRequest): Promise<Reply> => {
    const operation = String(headers['x-amz-target']).split('.')[1];
    const input: unknown = JSON.parse(body.toString() || '{}');
    switch (operation) {
      case 'DescribeEndpoints':
        // The SDK takes the host from here and keeps the port it was pointed at.
        return jsonReply({ Endpoints: [{ Address: loopback, CachePeriodInMinutes: 1440 }] });
      case 'WriteRecords':
        return write(input);
      case 'Query':
        return await query(input);
      default:
        throw new ServiceError('UnknownOperationException', `Timestream ${operation} is not emulated locally`);
    }
  };
  return { server: httpServer(answer), close: database.close };
};
