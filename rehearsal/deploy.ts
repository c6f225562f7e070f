import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Emulator } from './emulator.ts';

/** What the emulator does not know, by stage; metric math stands for alarms on more than one metric. */
const unknownThere = {
  dev: ['AWS::ApiGatewayV2::RouteResponse', 'AWS::Events::Archive', 'AWS::IoT::Authorizer'],
  prod: ['AWS::ApiGatewayV2::RouteResponse', 'AWS::Events::Archive', 'AWS::IoT::Authorizer', 'metric-math'],
} as const;

/** What a stage is told to do without, because the emulator lacks a resource that others name: consumers of a stream. */
const switchedOff = { dev: [], prod: ['signalFanOut=off'] } as const;

export type RehearsedStage = keyof typeof unknownThere;
export type Ran = { readonly status: number; readonly output: string };

/** Runs a program to its end with everything it prints. */
export const run = async (
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ran> => {
  const { HOME = '' } = process.env;
  const child = spawn(command, args, { env: { HOME, NO_COLOR: '1', CI: '1', ...environment } });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const [status] = await once(child, 'close');
  return { status: typeof status === 'number' ? status : 1, output: output.join('') };
};

const cdk = async ({ environment }: Emulator, ...args: string[]): Promise<string> => {
  const { status, output } = await run(join('node_modules', '.bin', 'cdk'), args, environment);
  if (status !== 0) throw new Error(`cdk ${args[0]} failed:\n${output.split('\n').slice(-40).join('\n')}`);
  return output;
};

/** `cdk bootstrap`, as for any account. */
export const bootstrap = async (emulator: Emulator, folder: string): Promise<void> => {
  await cdk(emulator, 'bootstrap', 'aws://000000000000/us-east-1', '-c', 'windowStore=dynamodb', '--output', folder);
};

export type Deployed = {
  /** Path of what was deployed. */
  readonly template: string;
  readonly leftOut: readonly string[];
  readonly resources: number;
};

/** `cdk deploy` of a stage into an account that has nothing yet. */
export const deploy = async (emulator: Emulator, stage: RehearsedStage, folder: string): Promise<Deployed> => {
  const assembly = join(folder, `cdk.out-${stage}`);
  const context = [
    `stage=${stage}`,
    'windowStore=dynamodb',
    `leaveOut=${unknownThere[stage].join(',')}`,
    ...switchedOff[stage],
  ];
  const flags = ['--require-approval', 'never', '--progress', 'events', '--output', assembly];
  const output = await cdk(emulator, 'deploy', ...flags, ...context.flatMap((one) => ['-c', one]));
  return {
    template: join(assembly, `wattstream-${stage}.template.json`),
    leftOut: [
      ...[...output.matchAll(/^Left out as told: (.*)$/gm)].map(([, left = '']) => left),
      ...switchedOff[stage].map((context) => `-c ${context}`),
    ],
    resources: Number(/\| +\d+\/(\d+) \|/.exec(output)?.[1] ?? Number.NaN),
  };
};
