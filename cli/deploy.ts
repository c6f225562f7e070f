#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { timestreamIsOpen } from '../aws/windows/timestream-availability.ts';
import { runCommand } from './command-line/run-command.ts';
import { deployArguments } from './deploy/deploy-arguments.ts';

const usage = `npm run deploy -- [--stage dev|prod] [arguments of cdk deploy]

Chooses where windows are kept (Timestream where the account may use it, otherwise DynamoDB), then runs cdk deploy.
-c windowStore=dynamodb|timestream forces the choice.`;

await runCommand(async (argv, print) => {
  if (argv.includes('--help')) return print(usage);
  const { cdk, says } = await deployArguments(argv, () => timestreamIsOpen());
  print(says);
  const child = spawn('cdk', cdk, { stdio: 'inherit' });
  // cdk is told too, and has the time it needs to stop.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}, usage);
