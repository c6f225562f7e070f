#!/usr/bin/env node
import { makePassword } from '../aws/credential.ts';
import { credentialStore } from '../aws/credential-store.ts';
import { stationRegistry } from '../aws/dynamodb/station-registry.ts';
import { siteConfigurations, siteStore } from '../aws/sites/site-store.ts';
import { siteStream } from '../aws/sites/site-stream.ts';
import { system } from '../runtime/system.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { siteCommand, siteFlags, siteUsage } from './site/site-command.ts';

/** Controlled sites on the command line: npm run site -- configure|show|list|limits|password. */
await runOnStack(siteFlags, siteUsage, async (argv, { output }, print) => {
  await siteCommand(
    argv,
    {
      configurations: siteConfigurations(output('SitesTable'), system),
      states: siteStore(output('SitesTable'), system).states,
      credentials: credentialStore(output('CredentialsTable')),
      survey: { stations: stationRegistry(output('StationsTable'), system).list },
      stream: siteStream(output('SignalStream'), system),
      makePassword,
      clock: system.clock,
    },
    print,
  );
});
