import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { programOptions } from '../cli/command-line/program-options.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { printTable } from './print-table.ts';
import { quantile } from './quantile.ts';

/** What a start may cost where chargers wait for it, in ms of CPU on one of two cores. */
const BUDGET_MS = 80;
const waitedFor = ['answer-ocpp', 'authorize-mqtt', 'authorize-station', 'track-connection'];

const usage = `Usage: npm run bench:init -- [--runs 15] [--json]
The CPU it takes to load each function as Lambda does.
  --runs N   how often each is loaded
  --json     one JSON object`;

const { runs, ...values } = programOptions(usage, {
  runs: { type: 'number', otherwise: 15, from: 1 },
  json: { type: 'flag' },
});

const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
});
const LambdaFunction = z.object({
  Description: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** A value that passes for what CloudFormation would fill in. */
const filledIn = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  if (name === 'IOT_ARN') return 'arn:aws:iot:eu-west-1:123456789012';
  if (name === 'WINDOW_STORE') return 'timestream:database/table+windows';
  return /ENDPOINT|QUEUE/.test(name) ? 'https://example.invalid/live' : name.toLowerCase();
};

/** Loads a bundle in a process of its own, as Lambda does, and tells the CPU that took, user and system, in ms. */
const initCpuMs = (file: string, environment: Readonly<Record<string, string>>): number => {
  const script = `const before = process.cpuUsage(); require(${JSON.stringify(file)}); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], {
    env: { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', ...environment },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file} does not load: ${stderr}`);
  return Number(stdout);
};

const assembly = await synthesize(join('.wattstream', 'bench'));
const template = Template.parse(JSON.parse(readFileSync(join(assembly, 'wattstream-dev.template.json'), 'utf8')));
const environments = new Map<string, Readonly<Record<string, string>>>();
for (const { Type, Properties } of Object.values(template.Resources)) {
  if (Type !== 'AWS::Lambda::Function') continue;
  const { Description, Environment } = LambdaFunction.parse(Properties);
  const variables = Object.entries(Environment.Variables).map(([name, value]) => [name, filledIn(name, value)]);
  environments.set(Description.split('.')[0] ?? '', Object.fromEntries(variables));
}
const measured = [...environments].toSorted().map(([name, environment]) => {
  const file = join(assembly, 'bundle', name, 'handler.js');
  const cpuMs = Array.from({ length: runs }, () => initCpuMs(file, environment)).toSorted((a, b) => a - b);
  return { name, KiB: Math.round(statSync(file).size / 1_024), initCpuMs: quantile(cpuMs, 0.5) };
});
if (values.json) console.log(JSON.stringify({ budgetMs: BUDGET_MS, runs, functions: measured }));
else
  printTable(
    measured.map(({ name, KiB, initCpuMs: cpuMs }) => {
      const limit = waitedFor.includes(name)
        ? `, ${cpuMs <= BUDGET_MS ? 'within' : 'OVER'} the ${BUDGET_MS} it may`
        : '';
      return [name, `${cpuMs.toFixed(0)} ms of CPU to load ${KiB} KiB${limit}`];
    }),
  );
