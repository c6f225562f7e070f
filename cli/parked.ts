#!/usr/bin/env node
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { parkedArchive } from '../aws/parked/parked-archive.ts';
import { siteStream } from '../aws/sites/site-stream.ts';
import { system } from '../runtime/system.ts';
import { redrive } from '../use-cases/redrive/redrive.ts';
import { runOnStack } from './command-line/run-on-stack.ts';
import { parkedCommand, parkedFlags, parkedUsage } from './parked/parked-command.ts';
import { tellChange } from './parked/tell-change.ts';

/** Parked records on the command line: npm run parked -- list|show|redrive. */
await runOnStack(parkedFlags, parkedUsage, async (argv, target, print) => {
  await parkedCommand(
    argv,
    {
      archive: parkedArchive(target.output('ParkedBucket')),
      redrive: redrive({
        stream: ocppStream(target.output('OcppStream')),
        sites: siteStream(target.output('SignalStream'), system),
        tellChange: tellChange(target),
      }),
      now: system.clock,
    },
    print,
  );
});
