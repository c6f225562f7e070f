#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accountQuota } from '../aws/deployment/account-quota.ts';
import { protectStack, protectTables } from '../aws/deployment/protect-stack.ts';
import { stackOutputs } from '../aws/stack-outputs.ts';
import { stages } from '../lib/stages.ts';
import { Problem } from './command-line/problem.ts';
import { runCommand } from './command-line/run-command.ts';
import { cdkEnvironment } from './deploy/cdk-environment.ts';
import { deployArguments } from './deploy/deploy-arguments.ts';
import { projectContext } from './deploy/project-context.ts';
import { quotaShortfalls } from './deploy/quota-shortfalls.ts';
import { refuseLostContext } from './deploy/refuse-lost-context.ts';
import { refuseOtherStages } from './deploy/refuse-other-stages.ts';

const usage = `Usage: npm run deploy -- [--stage dev|prod] [--ignore-quotas] [--beside-other-stages] [--drop-context]
                         [arguments of cdk deploy]

Checks what the account allows, runs cdk deploy, and then protects the stack and its tables against deletion where the
stage keeps data. Windows are kept where the account may keep them (npx cdk deploy decides in the same way);
-c windowStore=dynamodb|timestream forces it. --ignore-quotas deploys although the account allows less than the stage needs,
--beside-other-stages although another stage is in the account and region, with which it would share AWS IoT's broker,
--drop-context although the deployment before was told something with -c that this one is not.`;

const cdk = async (args: readonly string[]): Promise<number> => {
  const child = spawn('cdk', args, { stdio: 'inherit' });
  // cdk is told too, and has the time it needs to stop.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
};

await runCommand(async (argv, print) => {
  if (argv.includes('--help')) return print(usage);
  const { stage, ignoresQuotas, isBesideOthers, dropsContext, context, cdk: args } = deployArguments(argv);
  Object.assign(process.env, cdkEnvironment(process.env));
  if (!isBesideOthers) for (const line of await refuseOtherStages(stage, stackOutputs)) print(line);
  const named = [...context, ...projectContext()];
  if (!dropsContext) for (const line of await refuseLostContext(stage, named, stackOutputs)) print(line);
  const { shortfalls, unknown } = await quotaShortfalls(stages[stage].needs, accountQuota);
  for (const line of [...unknown, ...(ignoresQuotas ? shortfalls : [])]) print(line);
  if (shortfalls.length > 0 && !ignoresQuotas)
    throw new Problem([...shortfalls, 'Nothing was deployed. --ignore-quotas deploys all the same.'].join('\n'));
  process.exitCode = await cdk(args);
  if (!stages[stage].keepData) return;
  const stackName = `wattstream-${stage}`;
  const isProtected = await protectStack(stackName);
  if (process.exitCode !== 0) return;
  if (!isProtected) return print(`${stackName} is not protected against deletion: it was not deployed yet.`);
  const tables = await protectTables(stackName);
  print(`The stack and its ${tables.length} tables are protected against deletion.`);
}, usage);
