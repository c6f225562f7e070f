#!/usr/bin/env node
import { userInfo } from 'node:os';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { siteConfigurations } from '../aws/sites/site-store.ts';
import { siteStream } from '../aws/sites/site-stream.ts';
import { system } from '../runtime/system.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';
import { signalCommand, signalFlags, signalUsage } from './signal/signal-command.ts';

/** Signals for sites on the command line: npm run signal -- demand|prices|limit|bid|priority|departure|opt-out. */
await runCommand(async (argv, print) => {
  const { values, positionals } = signalFlags(argv);
  if (values.help === true || positionals.length === 0) return print(signalUsage);
  const { output } = await openTarget(values.stage);
  const stream = siteStream(output('SignalStream'), system);
  const configurations = siteConfigurations(output('SitesTable'), system);
  const survey = { stations: stationRegistry(output('StationsTable'), system).list };
  await signalCommand(argv, { stream, configurations, survey, system, user: userInfo().username }, print);
}, signalUsage);
