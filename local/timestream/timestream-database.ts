import { type DuckDBConnection, DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api';
import { ServiceError } from '../http/http-server.ts';

type ValueType = 'DOUBLE' | 'BIGINT' | 'VARCHAR' | 'BOOLEAN';
export type TimestreamRecord = {
  readonly dimensions: readonly (readonly [name: string, value: string])[];
  readonly measureName: string;
  /** ms since the epoch. */
  readonly time: number;
  readonly version: number;
  readonly values: readonly (readonly [name: string, type: ValueType, value: string])[];
};
export type Refusal = { readonly Reason: string; readonly ExistingVersion?: number };
export type TimestreamRows = { readonly put: (record: TimestreamRecord) => Refusal | undefined };
type Result = { readonly columns: readonly object[]; readonly rows: readonly { readonly Data: readonly object[] }[] };

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An in-memory database: rows are kept aside until somebody asks, then go into DuckDB in bulk, which is what it is good at. */
export const timestreamDatabase = async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run('CREATE MACRO from_milliseconds(ms) AS epoch_ms(CAST(ms AS BIGINT))');
  const flushes: (() => Promise<void>)[] = [];
  /** One statement at a time: a query must see what was flushed before it. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    table: async (schema: string, table: string): Promise<TimestreamRows> => {
      const { put, flush } = await rowsOf(connection, schema, table);
      flushes.push(flush);
      return { put };
    },
    query: (sql: string): Promise<Result> =>
      inTurn(async () => {
        for (const flush of flushes) await flush();
        return await resultOf(connection, sql);
      }),
    close: async (): Promise<void> => {
      await last;
      connection.closeSync();
      instance.closeSync();
    },
  };
};

const rowsOf = async (connection: DuckDBConnection, schema: string, table: string) => {
  const view = `${identifier(schema)}.${identifier(table)}`;
  const stored = `${table} rows`;
  const rows = `${identifier(schema)}.${identifier(stored)}`;
  const columns = new Map<string, ValueType>();
  const versions = new Map<string, { version: number; content: string }>();
  const written = new Set<string>();
  let waiting = new Map<string, TimestreamRecord>();
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`);
  await connection.run(`CREATE TABLE ${rows} (identity VARCHAR, measure_name VARCHAR, "time" TIMESTAMP)`);
  const describe = () => connection.run(`CREATE OR REPLACE VIEW ${view} AS SELECT * EXCLUDE (identity) FROM ${rows}`);
  await describe();

  const put = (record: TimestreamRecord): Refusal | undefined => {
    const identity = JSON.stringify([record.dimensions, record.measureName, record.time]);
    const content = JSON.stringify(record.values);
    const known = versions.get(identity);
    const isRepeat = known?.version === record.version && known.content === content;
    if (known !== undefined && known.version >= record.version && !isRepeat)
      return {
        Reason: 'The record version is not greater than the existing version.',
        ExistingVersion: known.version,
      };
    const mismatch = record.values.find(([name, type]) => columns.has(name) && columns.get(name) !== type);
    if (mismatch !== undefined)
      return { Reason: `Measure ${mismatch[0]} has type ${columns.get(mismatch[0])}, not ${mismatch[1]}.` };
    for (const [name] of record.dimensions) columns.set(name, 'VARCHAR');
    for (const [name, type] of record.values) columns.set(name, type);
    versions.set(identity, { version: record.version, content });
    waiting.set(identity, record);
    return undefined;
  };

  const described = new Set<string>();
  const flush = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const batch = waiting;
    waiting = new Map();
    const fresh = [...columns].filter(([name]) => !described.has(name));
    for (const [name, type] of fresh) {
      await connection.run(`ALTER TABLE ${rows} ADD COLUMN ${identifier(name)} ${type}`);
      described.add(name);
    }
    if (fresh.length > 0) await describe();
    const replaced = [...batch.keys()].filter((identity) => written.has(identity));
    if (replaced.length > 0)
      await connection.run(`DELETE FROM ${rows} WHERE identity IN (${replaced.map(literal).join(', ')})`);
    const appender = await connection.createAppender(stored, schema);
    for (const [identity, record] of batch) {
      const values = new Map<string, string>(record.dimensions);
      for (const [name, , value] of record.values) values.set(name, value);
      appender.appendVarchar(identity);
      appender.appendVarchar(record.measureName);
      appender.appendTimestamp(new DuckDBTimestampValue(BigInt(record.time) * 1000n));
      for (const name of described) {
        const value = values.get(name);
        const type = columns.get(name);
        if (value === undefined) appender.appendNull();
        else if (type === 'DOUBLE') appender.appendDouble(Number(value));
        else if (type === 'BIGINT') appender.appendBigInt(BigInt(value));
        else if (type === 'BOOLEAN') appender.appendBoolean(value === 'true');
        else appender.appendVarchar(value);
      }
      appender.endRow();
      written.add(identity);
    }
    appender.closeSync();
  };
  return { put, flush };
};

const TYPES: Readonly<Record<string, string>> = {
  BIGINT: 'BIGINT',
  HUGEINT: 'BIGINT',
  INTEGER: 'BIGINT',
  DOUBLE: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
};

const scalar = (value: unknown): object => {
  if (value === null) return { NullValue: true };
  // Timestream gives nanoseconds without a zone.
  if (value instanceof DuckDBTimestampValue)
    return {
      ScalarValue: `${new Date(Number(value.micros / 1000n)).toISOString().slice(0, 23).replace('T', ' ')}000000`,
    };
  return { ScalarValue: String(value) };
};

const resultOf = async (connection: DuckDBConnection, sql: string): Promise<Result> => {
  try {
    const reader = await connection.runAndReadAll(sql);
    const types = reader.columnTypes();
    return {
      columns: reader.columnNames().map((Name, index) => ({
        Name,
        Type: { ScalarType: TYPES[String(types[index])] ?? 'VARCHAR' },
      })),
      rows: reader.getRows().map((row) => ({ Data: row.map(scalar) })),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const missing = /Referenced column "([^"]+)" not found/.exec(message)?.[1];
    throw new ServiceError(
      'ValidationException',
      missing === undefined ? message : `line 1:1: Column '${missing}' does not exist`,
    );
  }
};
