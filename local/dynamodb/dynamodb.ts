import { join } from 'node:path';
import { awsJsonCall } from '../http/aws-json-call.ts';
import { urlAt } from '../http/http-server.ts';
import type { LocalService, PortOption } from '../stack/local-service.ts';
import { databaseRunner } from './database-runner.ts';
import { startDynamodb } from './dynamodb-process.ts';
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
  start: async (context) => {
    const { account, dataFolder, deployment, onStop, refOf, system } = context;
    const tables = deployment.all(dynamodbTable);
    const isPassing = dataFolder === undefined;
    const folder = isPassing ? passingFolder() : join(dataFolder, 'dynamodb');
    const { broken, ready, stop, ...database } = await startDynamodb(context.portOf(port), {
      folder,
      isPassing,
      system,
    });
    onStop(stop);
    const { call, close } = awsJsonCall(database.port, 'dynamodb', account.region);
    onStop(close);
    const url = urlAt(database.port);
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
    // Whoever waits for it reports the failure; until then it must not count as unhandled.
    allTables.catch(() => undefined);
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
  },
};
