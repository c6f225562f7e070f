import { join } from 'node:path';
import { awsJsonCall } from '../http/aws-json-call.ts';
import { urlAt } from '../http/http-server.ts';
import type { LocalService, PortOption, RunningService, StackContext } from '../stack/local-service.ts';
import { databaseRunner } from './database-runner.ts';
import { type DynamodbProcess, startDynamodb } from './dynamodb-process.ts';
import { bringAboutTable, dynamodbTable } from './dynamodb-table.ts';
import { memoryFolder } from './memory-folder.ts';
import { speedUpDatabase } from './speed-up-database.ts';
import { tableStreamReader } from './table-stream-reader.ts';

const port: PortOption = { flag: 'dynamodb-port', usual: 8000, serves: 'DynamoDB' };

/** In memory: as a file where Java can have one there. Docker sees no folders but those it is given. */
const passingFolder = (): string | undefined => (databaseRunner() === 'java' ? memoryFolder() : undefined);

/** AWS's own DynamoDB Local, in a process of its own. */
export const dynamodb: LocalService = {
  name: 'dynamodb',
  kinds: [dynamodbTable],
  port,
  check: () => void databaseRunner(),
  prepare: ({ dataFolder, onStop, portOf, system }) => {
    const isPassing = dataFolder === undefined;
    const folder = isPassing ? passingFolder() : join(dataFolder, 'dynamodb');
    const starting = startDynamodb(portOf(port), { folder, isPassing, system });
    starting.catch(reportedElsewhere);
    onStop(() => starting.then(({ stop }) => stop(), reportedElsewhere));
    return (context) => withTables(context, starting, folder);
  },
};

/** Whoever waits for it reports the failure; until then it must not count as unhandled. */
const reportedElsewhere = () => undefined;

const withTables = async (
  { account, deployment, onStop, refOf }: StackContext,
  starting: Promise<DynamodbProcess>,
  folder: string | undefined,
): Promise<RunningService> => {
  const tables = deployment.all(dynamodbTable);
  const { broken, ready, port: opened } = await starting;
  const { call, close } = awsJsonCall(opened, 'dynamodb', account.region);
  onStop(close);
  const url = urlAt(opened);
  const bringAbout = async () => {
    await ready;
    if (folder !== undefined && databaseRunner() === 'java') {
      // The file is there once it was asked for anything.
      await call('DynamoDB_20120810.ListTables', {});
      speedUpDatabase(folder);
    }
    await Promise.all(tables.map((table) => bringAboutTable(call, refOf(table.logicalId), table)));
  };
  // The other services start, and functions are loaded, while Java starts.
  const allTables = bringAbout();
  allTables.catch(reportedElsewhere);
  return {
    call,
    readStream: async (streamArn) => {
      await allTables;
      return await tableStreamReader(call, streamArn, account);
    },
    environment: { AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL_DYNAMODB_STREAMS: url },
    endpoints: { dynamodb: url },
    broken,
    ready: allTables,
  };
};
