import {
  type ColumnInfo,
  paginateQuery,
  type Row,
  TimestreamQueryClient,
  ValidationException,
} from '@aws-sdk/client-timestream-query';
import {
  RejectedRecordsException,
  type _Record as TimestreamRecord,
  TimestreamWriteClient,
  WriteRecordsCommand,
} from '@aws-sdk/client-timestream-write';
import pMap from 'p-map';
import { chunksOf } from '../../async/chunks-of.ts';
import { newestOfEach, type Window } from '../../domain/windows/window.ts';
import type { WindowStore, WindowsPut } from '../../use-cases/ports/window-store.ts';
import { type CallPolicy, callPolicies } from '../call-policy.ts';
import { type OpenClient, openClient } from '../open-client.ts';

export type TimestreamTable = { readonly database: string; readonly table: string };
export type TimestreamClients = {
  readonly write: Pick<TimestreamWriteClient, 'send'>;
  readonly query: TimestreamQueryClient;
};

/** Clients under a policy; a query takes as long as it takes to read what it covers. */
export const timestreamClients = (policy: CallPolicy, open: OpenClient = openClient): TimestreamClients => {
  const requestMs = Math.max(policy.requestMs, callPolicies.query.requestMs);
  return {
    write: open(TimestreamWriteClient, policy),
    query: open(TimestreamQueryClient, { ...policy, requestMs }),
  };
};

/** The service takes at most this many records per request, and bills a request's size in steps of 1 KiB: fill them. */
const RECORDS_PER_REQUEST = 100;
const REQUESTS_AT_ONCE = 4;
const KEYS_PER_QUERY = 200;
const VERSION_COLUMN = 'row_version';

const record = ({ series, key, startAt, version, measures, labels }: Window): TimestreamRecord => ({
  // The key alone is the dimension: a dimension that changed (a connector's type) would make another record of the row.
  Dimensions: [{ Name: 'key', Value: key }],
  MeasureName: series,
  MeasureValueType: 'MULTI',
  MeasureValues: [
    { Name: VERSION_COLUMN, Value: String(version), Type: 'BIGINT' },
    ...Object.entries(measures).map(([Name, value]) => ({ Name, Value: String(value), Type: 'DOUBLE' as const })),
    // An empty text is refused by the service and says as much as an absent one.
    ...Object.entries(labels).flatMap(([Name, Value]) =>
      Value === '' ? [] : [{ Name, Value, Type: 'VARCHAR' as const }],
    ),
  ],
  Time: String(startAt),
  TimeUnit: 'MILLISECONDS',
  Version: version,
});

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const isAbsentColumn = (error: unknown): boolean =>
  error instanceof ValidationException && /column .*does not exist/i.test(error.message);

const rowToWindow = (series: string, columns: readonly ColumnInfo[], row: Row): Window => {
  let key = '';
  let startAt = Number.NaN;
  let version = 0;
  const measures: Record<string, number> = {};
  const labels: Record<string, string> = {};
  for (const [index, { Name = '', Type }] of columns.entries()) {
    const value = row.Data?.[index]?.ScalarValue;
    if (value === undefined || Name === 'measure_name') continue;
    if (Name === 'key') key = value;
    // The service gives nanoseconds without a zone, and means UTC.
    else if (Name === 'time') startAt = Date.parse(`${value.slice(0, 23).replace(' ', 'T')}Z`);
    else if (Name === VERSION_COLUMN) version = Number(value);
    else if (Type?.ScalarType === 'DOUBLE') measures[Name] = Number(value);
    else labels[Name] = value;
  }
  return { series, key, startAt, version, measures, labels };
};

/**
 * Windows as multi-measure records of one Timestream table, upserted by Version. Reads are eventually consistent.
 * Writes into the magnetic store are checked against stored versions only after they are acknowledged.
 */
export const timestreamWindowStore = (
  { database, table }: TimestreamTable,
  clients: TimestreamClients,
): WindowStore => {
  const putBatch = async (windows: readonly Window[]): Promise<WindowsPut> => {
    try {
      await clients.write.send(
        new WriteRecordsCommand({ DatabaseName: database, TableName: table, Records: windows.map(record) }),
      );
      return { written: windows.length, stale: 0, rejected: [] };
    } catch (error) {
      if (!(error instanceof RejectedRecordsException)) throw error;
      return judged(windows, error);
    }
  };

  const readKeys = async (series: string, keys: readonly string[], fromAt: number, toAt: number): Promise<Window[]> => {
    const text =
      `SELECT * FROM "${database}"."${table}" WHERE measure_name = ${quoted(series)} ` +
      `AND "key" IN (${keys.map(quoted).join(', ')}) ` +
      `AND time >= from_milliseconds(${fromAt}) AND time < from_milliseconds(${toAt}) ORDER BY time, "key"`;
    const windows: Window[] = [];
    try {
      for await (const { ColumnInfo = [], Rows = [] } of paginateQuery(
        { client: clients.query },
        { QueryString: text },
      ))
        for (const row of Rows) windows.push(rowToWindow(series, ColumnInfo, row));
    } catch (error) {
      // Columns come into being with the first record: before it there is nothing to read.
      if (!isAbsentColumn(error)) throw error;
    }
    return windows;
  };

  return {
    put: async (windows) => {
      const puts = await pMap(chunksOf(newestOfEach(windows), RECORDS_PER_REQUEST), putBatch, {
        concurrency: REQUESTS_AT_ONCE,
      });
      return {
        written: puts.reduce((sum, { written }) => sum + written, 0),
        stale: puts.reduce((sum, { stale }) => sum + stale, 0),
        rejected: puts.flatMap(({ rejected }) => rejected),
      };
    },
    read: async (series, keys, fromAt, toAt) => {
      if (toAt <= fromAt) return [];
      const rows = await pMap(
        chunksOf([...new Set(keys)], KEYS_PER_QUERY),
        (some) => readKeys(series, some, fromAt, toAt),
        { concurrency: REQUESTS_AT_ONCE },
      );
      return rows.flat().sort((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    },
  };
};

/** The service wrote what it does not name; an existing version marks a row as stale, anything else is for good. */
const judged = (windows: readonly Window[], error: RejectedRecordsException): WindowsPut => {
  let stale = 0;
  const rejected: { window: Window; reason: string }[] = [];
  for (const { RecordIndex = -1, Reason, ExistingVersion } of error.RejectedRecords ?? []) {
    const window = windows[RecordIndex];
    if (window === undefined)
      throw new Error(`Timestream rejected record ${RecordIndex} of ${windows.length}`, { cause: error });
    if (ExistingVersion !== undefined) stale += 1;
    else rejected.push({ window, reason: Reason ?? 'Timestream named no reason' });
  }
  return { written: windows.length - stale - rejected.length, stale, rejected };
};
