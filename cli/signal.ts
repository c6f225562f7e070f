#!/usr/bin/env node
import { userInfo } from 'node:os';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { siteConfigurations } from '../aws/sites/site-store.ts';
import { siteStream } from '../aws/sites/site-stream.ts';
import { system } from '../runtime/system.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { signalCommand, signalFlags, signalUsage } from './signal/signal-command.ts';

/** Signals for sites on the command line: npm run signal -- demand|prices|limit|bid|priority|departure|opt-out. */
await runOnStack(signalFlags, signalUsage, async (argv, { output }, print) => {
  const stream = siteStream(output('SignalStream'), system);
  const configurations = siteConfigurations(output('SitesTable'), system);
  const survey = { stations: stationRegistry(output('StationsTable'), system).list };
  await signalCommand(argv, { stream, configurations, survey, system, user: userInfo().username }, print);
});
