#!/usr/bin/env node
import { ocppStream } from '../aws/messaging/ocpp-stream.ts';
import { parkedArchive } from '../aws/parked/parked-archive.ts';
import { siteStream } from '../aws/sites/site-stream.ts';
import { system } from '../runtime/system.ts';
import { redrive } from '../use-cases/redrive/redrive.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';
import { parkedCommand, parkedFlags, parkedUsage } from './parked/parked-command.ts';
import { tellChange } from './parked/tell-change.ts';

/** Parked records on the command line: npm run parked -- list|show|redrive. */
await runCommand(async (argv, print) => {
  const { values, positionals } = parkedFlags(argv);
  if (values.help === true || positionals.length === 0) return print(parkedUsage);
  const target = await openTarget(values.stage);
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
}, parkedUsage);
