#!/usr/bin/env node
import { userInfo } from 'node:os';
import { connectionSender } from '../aws/commands/connection-sender.ts';
import { mailboxStore } from '../aws/commands/mailbox-store.ts';
import { anyDiscriminator } from '../domain/commands/command-id.ts';
import { system } from '../runtime/system.ts';
import { commandCommand, commandFlags, commandUsage } from './command/command-command.ts';
import { runOnStack } from './command-line/run-on-stack.ts';

/** Commands to chargers from the command line: npm run command -- STATION ACTION PAYLOAD --wait. */
await runOnStack(commandFlags, commandUsage, async (argv, { output }, print) => {
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
});
