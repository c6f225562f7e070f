#!/usr/bin/env node
import { credentialStore } from '../aws/credential-store.ts';
import { stationConnectivity } from '../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { sockets } from '../aws/messaging/sockets.ts';
import { system } from '../runtime/system.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';
import { stationCommand } from './station/station-command.ts';
import { stationFlags, stationUsage } from './station/station-flags.ts';

/** The registry on the command line: npm run station -- add|list|remove|rotate|import. */
await runCommand(async (argv, print) => {
  const { values, positionals } = stationFlags(argv);
  if (values.help === true || positionals.length === 0) return print(stationUsage);
  const { output } = await openTarget(values.stage);
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
}, stationUsage);
