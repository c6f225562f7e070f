#!/usr/bin/env node
import { stationConnectivity } from '../aws/dynamodb/station-connectivity.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { tagList } from '../aws/dynamodb/tag-list.ts';
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { sockets } from '../aws/messaging/sockets.ts';
import { runCommand } from './run-command.ts';
import { stationCommand } from './station-commands.ts';
import { stationFlags, stationUsage } from './station-flags.ts';
import { openTarget } from './target.ts';

/** The registry on the command line: npm run station -- add|list|remove|rotate|import. */
await runCommand(async (argv, print) => {
  const { values, positionals } = stationFlags(argv);
  if (values.help === true || positionals.length === 0) return print(stationUsage);
  const { output } = await openTarget(values.stage);
  const stations = output('StationsTable');
  await stationCommand(
    argv,
    {
      registry: stationRegistry(stations),
      connectivity: stationConnectivity(stations),
      stream: ocppStream(output('OcppStream')),
      sockets: sockets(output('WebsocketCallbackUrl')),
      tags: tagList(output('TagsTable')),
      now: Date.now,
    },
    print,
  );
}, stationUsage);
