import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export type StartedStack = {
  readonly pid: number;
  /** What it printed so far. */
  readonly printed: () => string;
  /** Resolves when it has printed something that matches; rejects when it ends before. */
  readonly says: (pattern: RegExp) => Promise<void>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

const anyPorts = ['--port', '0', '--graphql-port', '0', '--mqtt-port', '0', '--dynamodb-port', '0'];

/** Runs `npm start` in a working folder of its own, on free ports unless others are named. */
export const startStack = (folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): StartedStack => {
  const child: ChildProcess = spawn(process.execPath, [join(root, 'local', 'start.ts'), ...anyPorts, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of [...listeners]) listener();
    });
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  );
  return {
    pid: child.pid ?? 0,
    printed: () => output,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        ended.then((code) => reject(new Error(`It ended (${code}) before it said ${pattern}:\n${output}`)));
        look();
      }),
    ended,
    kill: (signal) => void child.kill(signal),
  };
};

export type Note = { readonly environment: Record<string, string>; readonly outputs: Record<string, string> } & {
  readonly endpoints: { readonly ocpp: string; readonly graphql: string; readonly apiKey: string };
};

/** What the running stack says about itself. */
export const noteOf = (folder: string): Note =>
  JSON.parse(readFileSync(join(folder, '.wattstream', 'local.json'), 'utf8'));

/** Command lines of living processes that name a text. */
export const processesNaming = (text: string): readonly string[] =>
  spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(text) && !line.includes(' ps -A'));
