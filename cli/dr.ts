#!/usr/bin/env node
import { userInfo } from 'node:os';
import { requestDigest } from '../aws/commands/request-digest.ts';
import { participationStore } from '../aws/demand-response/participation-store.ts';
import { signalStore } from '../aws/demand-response/signal-store.ts';
import { workflows } from '../aws/demand-response/workflows.ts';
import { system } from '../runtime/system.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';
import { drCommand, drFlags, drUsage } from './dr/dr-command.ts';

/** Drills of demand response from the command line: npm run dr -- --zone Z --reduce-kw 250 --minutes 15. */
await runCommand(async (argv, print) => {
  const { values } = drFlags(argv);
  if (values.help === true || argv.length === 0) return print(drUsage);
  const { output } = await openTarget(values.stage);
  await drCommand(
    argv,
    {
      signals: signalStore(output('GridTable')),
      participations: participationStore(output('GridTable'), system),
      workflows: workflows(output('DemandResponseStateMachine')),
      digest: requestDigest,
      system,
      user: userInfo().username,
    },
    print,
  );
}, drUsage);
