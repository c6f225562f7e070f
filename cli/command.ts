#!/usr/bin/env node
import { userInfo } from 'node:os';
import { connectionSender } from '../aws/commands/connection-sender.ts';
import { mailboxStore } from '../aws/commands/mailbox-store.ts';
import { anyDiscriminator } from '../domain/commands/command-id.ts';
import { system } from '../runtime/system.ts';
import { commandCommand, commandFlags, commandUsage } from './command/command-command.ts';
import { runCommand } from './command-line/run-command.ts';
import { openTarget } from './command-line/target.ts';

/** Commands to chargers from the command line: npm run command -- STATION ACTION PAYLOAD --wait. */
await runCommand(async (argv, print) => {
  const { values, positionals } = commandFlags(argv);
  if (values.help === true || positionals.length === 0) return print(commandUsage);
  const { output } = await openTarget(values.stage);
  await commandCommand(
    argv,
    {
      mailboxes: mailboxStore({ commands: output('CommandsTable'), stations: output('StationsTable') }, system),
      sender: connectionSender(output('WebsocketCallbackUrl')),
      system,
      warn: (kind, detail) => console.error(JSON.stringify({ kind, ...detail })),
      user: userInfo().username,
      discriminator: anyDiscriminator(system.random),
    },
    print,
  );
}, commandUsage);
