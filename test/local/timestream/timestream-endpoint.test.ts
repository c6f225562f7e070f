import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../../local/http/http-server.ts';
import { type TimestreamEndpoint, timestreamEndpoint } from '../../../local/timestream/timestream-endpoint.ts';

const NOW = Date.parse('2026-11-02T12:00:00Z');
let endpoint: TimestreamEndpoint;
let url = '';

beforeAll(async () => {
  const setup = { database: 'd', table: 't', memoryHours: 24, magneticDays: 30, magneticWrites: true };
  endpoint = await timestreamEndpoint([setup], () => NOW);
  url = `http://127.0.0.1:${await listen(endpoint.server, 0, '--timestream-port')}`;
});
afterAll(async () => {
  await close(endpoint.server);
  await endpoint.close();
});

const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
  const headers = { 'x-amz-target': `Timestream_20181101.${operation}` };
  return JSON.parse(await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })).text());
};
const record = (key: string, value: string, Version: number, Type = 'DOUBLE') => ({
  Dimensions: [{ Name: 'key', Value: key }],
  MeasureName: 'm',
  MeasureValueType: 'MULTI',
  MeasureValues: [{ Name: 'value', Value: value, Type }],
  Time: String(NOW),
  TimeUnit: 'MILLISECONDS',
  Version,
});
const write = (...Records: object[]) => call('WriteRecords', { DatabaseName: 'd', TableName: 't', Records });

describe('the local Timestream', () => {
  it('names its own host to clients that discover endpoints', async () => {
    expect(await call('DescribeEndpoints', {})).toEqual({
      Endpoints: [{ Address: '127.0.0.1', CachePeriodInMinutes: 1440 }],
    });
  });

  it('takes the same record twice and refuses another one of that version, naming the version it has', async () => {
    expect(await write(record('a', '1', 3))).toEqual({ RecordsIngested: { Total: 1 } });
    expect(await write(record('a', '1', 3))).toEqual({ RecordsIngested: { Total: 1 } });
    expect(await write(record('a', '2', 3), record('b', '1', 1))).toMatchObject({
      __type: 'com.amazonaws.timestream.v20181101#RejectedRecordsException',
      RejectedRecords: [{ RecordIndex: 0, ExistingVersion: 3 }],
    });
    const { Rows } = await call('Query', { QueryString: 'SELECT "key", value FROM "d"."t" ORDER BY "key"' });
    expect(Rows).toEqual([
      { Data: [{ ScalarValue: 'a' }, { ScalarValue: '1' }] },
      { Data: [{ ScalarValue: 'b' }, { ScalarValue: '1' }] },
    ]);
  });

  it('refuses a measure of another type than before', async () => {
    await write(record('c', '1', 1));
    expect(await write(record('c', 'text', 2, 'VARCHAR'))).toMatchObject({
      RejectedRecords: [{ RecordIndex: 0, Reason: 'Measure value has type DOUBLE, not VARCHAR.' }],
    });
  });

  it('gives pages as asked and each once', async () => {
    await write(...Array.from({ length: 5 }, (_, index) => record(`p${index}`, '1', 1)));
    const QueryString = `SELECT "key" FROM "d"."t" WHERE "key" LIKE 'p%' ORDER BY "key"`;
    const first = await call('Query', { QueryString, MaxRows: 3 });
    const second = await call('Query', { QueryString, MaxRows: 3, NextToken: first.NextToken });
    const again = await call('Query', { QueryString, MaxRows: 3, NextToken: first.NextToken });
    expect([first.Rows, second.Rows, second.NextToken, again.__type]).toMatchObject([
      { length: 3 },
      { length: 2 },
      undefined,
      'ValidationException',
    ]);
  });

  it.each([
    [
      'WriteRecords',
      { DatabaseName: 'd', TableName: 'x', Records: [record('a', '1', 1)] },
      'ResourceNotFoundException',
    ],
    [
      'WriteRecords',
      { DatabaseName: 'd', TableName: 't', Records: Array.from({ length: 101 }, () => record('a', '1', 1)) },
      'ValidationException',
    ],
    ['Query', { QueryString: 'SELECT missing FROM "d"."t"' }, 'ValidationException'],
    ['CreateTable', {}, 'UnknownOperationException'],
  ])('answers a wrong %s with the service’s own error', async (operation, input, type) => {
    expect((await call(operation, input)).__type).toBe(type);
  });
});
