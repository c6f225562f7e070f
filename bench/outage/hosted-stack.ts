import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Fault } from '../../local/faults/fault-proxy.ts';
import type { StackCounts } from '../../local/stack/local-service.ts';
import type { LocalStack } from '../../local/stack/local-stack.ts';

/** How to reach a running stack. */
export type StackAccess = Pick<LocalStack, 'endpoints' | 'environment' | 'outputs' | 'region'>;

export type HostRequest =
  | { readonly kind: 'fault'; readonly service: string; readonly fault: Fault | undefined }
  | { readonly kind: 'crash'; readonly functionName: string }
  | { readonly kind: 'count' }
  | { readonly kind: 'stop' };
export type HostMessage =
  | { readonly kind: 'up'; readonly access: StackAccess }
  | { readonly kind: 'problem'; readonly line: string }
  | { readonly kind: 'done'; readonly counts: StackCounts };

/** A stack in a process of its own, so that it can be killed as a whole. */
export type HostedStack = {
  readonly pid: number;
  readonly access: StackAccess;
  readonly setFault: (service: string, fault: Fault | undefined) => Promise<void>;
  readonly crash: (functionName: string) => Promise<void>;
  readonly counts: () => Promise<StackCounts>;
  /** As a power cut would: no part of it gets to do anything more. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type HostSettings = {
  readonly assembly: string;
  readonly folder: string;
  readonly dataFolder: string;
  /** By flag; 0 or none: any free one. */
  readonly ports: Readonly<Record<string, number>>;
};

/** Starts the stack and waits until it is up. `problem` hears what goes wrong inside. */
export const hostedStack = async (settings: HostSettings, problem: (line: string) => void): Promise<HostedStack> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'stack-host.ts'), JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { promise: up, resolve: isUp, reject } = Promise.withResolvers<StackAccess>();
  ended.then(() => reject(new Error('The stack ended before it was up')));
  const answers: ((counts: StackCounts) => void)[] = [];
  child.on('message', (message: HostMessage) => {
    if (message.kind === 'up') isUp(message.access);
    if (message.kind === 'problem') problem(message.line);
    if (message.kind === 'done') answers.shift()?.(message.counts);
  });
  const ask = (request: HostRequest) =>
    new Promise<StackCounts>((resolve) => {
      answers.push(resolve);
      child.send(request);
    });
  return {
    pid: child.pid ?? 0,
    access: await up,
    setFault: async (service, fault) => void (await ask({ kind: 'fault', service, fault })),
    crash: async (functionName) => void (await ask({ kind: 'crash', functionName })),
    counts: () => ask({ kind: 'count' }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.send({ kind: 'stop' } satisfies HostRequest);
      await ended;
    },
  };
};

/** The ports a stack has, to start the next one where stations look for it. */
export const portsOf = ({ endpoints }: StackAccess): Readonly<Record<string, number>> => ({
  port: Number(new URL(endpoints.ocpp).port),
  'graphql-port': Number(new URL(endpoints.graphql).port),
  'mqtt-port': Number(new URL(endpoints.mqtt).port),
  'dynamodb-port': Number(new URL(endpoints.dynamodb).port),
});
