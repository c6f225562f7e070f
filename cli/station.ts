#!/usr/bin/env node
import { credentialStore } from '../aws/credential-store.ts';
import { stationConnectivity } from '../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { sockets } from '../aws/messaging/sockets.ts';
import { system } from '../runtime/system.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { stationCommand } from './station/station-command.ts';
import { stationFlags, stationUsage } from './station/station-flags.ts';

/** The registry on the command line: npm run station -- add|list|remove|rotate|import. */
await runOnStack(stationFlags, stationUsage, async (argv, { output }, print) => {
  const stations = output('StationsTable');
  await stationCommand(
    argv,
    {
      registry: stationRegistry(stations, system),
      credentials: credentialStore(output('CredentialsTable')),
      connectivity: stationConnectivity(stations),
      stream: ocppStream(output('OcppStream')),
      sockets: sockets(output('WebsocketCallbackUrl')),
      tags: tagList(output('TagsTable')),
      now: Date.now,
    },
    print,
  );
});
