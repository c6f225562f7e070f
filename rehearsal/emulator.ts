import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** An emulator of AWS that is not ours, and a linter of templates: what is wrong in both ours and theirs is rarer. */
const packages = ['ministack==1.5.33', 'cfn-lint==1.58.0'];

const LONGEST_START_MS = 60_000;

/** Why nothing can be rehearsed on this machine. */
export class CannotRehearse extends Error {
  override readonly name = 'CannotRehearse';
}

/** Folder with the programs of the Python packages, installed when they are not there yet. Throws CannotRehearse. */
export const pythonPrograms = (folder: string): string => {
  const programs = join(folder, 'python', 'bin');
  const note = join(folder, 'installed');
  if (existsSync(note) && readFileSync(note, 'utf8') === packages.join(' ')) return programs;
  const run = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: 'utf8' });
  if (run('python3', '-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))').status !== 0)
    throw new CannotRehearse('there is no Python 3.10 or newer with venv on this machine');
  mkdirSync(folder, { recursive: true });
  const made = run('python3', '-m', 'venv', join(folder, 'python'));
  const installed = run(join(programs, 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...packages);
  if (made.status !== 0 || installed.status !== 0)
    throw new CannotRehearse(`${packages.join(' and ')} cannot be installed from PyPI here`);
  writeFileSync(note, packages.join(' '));
  return programs;
};

export type Emulator = {
  readonly endpoint: string;
  /** What makes a process take it for AWS. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => void;
};

/** Starts the emulator on a free port; its functions run on this process's Node. Its output goes to emulator.log in the folder. */
export const startEmulator = async (programs: string, folder: string): Promise<Emulator> => {
  const port = await freePort();
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`;
  const log = createWriteStream(join(folder, 'emulator.log'));
  // A group of its own: the processes of the functions end with it.
  const child = spawn(join(programs, 'ministack'), {
    detached: true,
    env: { PATH, GATEWAY_PORT: String(port), HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr]) output.pipe(log);
  const stop = (): void => endGroup(child);
  process.once('exit', stop);
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(`${endpoint}/_ministack/health`);
  const environment = {
    PATH,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    CDK_DISABLE_CLI_TELEMETRY: '1',
  };
  return { endpoint, environment, stop };
};

const endGroup = ({ pid, exitCode }: ChildProcess): void => {
  if (pid === undefined || exitCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Gone already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** A port nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const answering = async (url: string): Promise<void> => {
  const startedAt = performance.now();
  while (performance.now() - startedAt < LONGEST_START_MS) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await setTimeout(200);
  }
  throw new Error('The emulator did not answer within a minute: see emulator.log');
};
