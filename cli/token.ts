#!/usr/bin/env node
import { runCommand } from './command-line/run-command.ts';
import { localStack } from './command-line/target.ts';
import { tokenCommand, tokenUsage } from './token/token-command.ts';

/** Tokens of the stack on this machine: npm run -s token -- --name NAME --role ROLE. */
await runCommand((argv, print) => tokenCommand(argv, { stack: localStack, fetch }, print), tokenUsage);
