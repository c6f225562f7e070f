import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../cli/command-line/temporary-folder.ts';
import { type DynamodbProcess, startDynamodb } from '../../../local/dynamodb/dynamodb-process.ts';
import { createTable, dynamodbTable } from '../../../local/dynamodb/dynamodb-table.ts';
import { speedUpDatabase } from '../../../local/dynamodb/speed-up-database.ts';
import { tableStreamReader } from '../../../local/dynamodb/table-stream-reader.ts';
import { awsJsonCall } from '../../../local/http/aws-json-call.ts';

const account = { region: 'eu-west-1', accountId: '000000000000', stackName: 'test' };
const folder = temporaryFolder('wattstream-database-');
let database: DynamodbProcess;
beforeAll(async () => {
  database = await startDynamodb(0, { folder });
  await database.ready;
}, 60_000);
afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('finds the records of a stream by an index, in the file of a database that goes on', async () => {
  const { call, close } = awsJsonCall(database.port, 'dynamodb', account.region);
  await call('DynamoDB_20120810.ListTables', {});
  speedUpDatabase(folder);
  speedUpDatabase(folder);
  const properties = dynamodbTable.properties.parse({
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  });
  await createTable(call, 'Things', { logicalId: 'Things', properties });
  const reader = await tableStreamReader(
    call,
    'arn:aws:dynamodb:eu-west-1:000000000000:table/Things/stream/1',
    account,
  );
  const [shard] = await reader.shards();
  const iterator = await reader.iterator(shard?.shardId ?? '', undefined);
  for (const id of ['a', 'b'])
    await call('DynamoDB_20120810.PutItem', { TableName: 'Things', Item: { id: { S: id } } });
  const { records } = await reader.read(iterator, shard?.shardId ?? '', 10);
  close();
  expect(records).toHaveLength(2);

  const file = new DatabaseSync(join(folder, 'shared-local-instance.db'), { readOnly: true });
  const plan = (where: string): unknown =>
    file.prepare(`EXPLAIN QUERY PLAN SELECT MIN(SequenceNumber) FROM us WHERE ${where}`).get();
  const plans = [plan("ShardID = 'x'"), plan("StreamID = 'x'")];
  file.close();
  expect(plans).toMatchObject([
    { detail: expect.stringContaining('INDEX recordsByShard') },
    { detail: expect.stringContaining('INDEX recordsByStream') },
  ]);
});
