import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, createWriteStream, existsSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { CannotRehearse, freePort } from './emulator.ts';

const crate = 'openleadr-vtn';
const crateVersion = '0.2.8';
const LONGEST_START_MS = 30_000;

/** A client the crate's own fixtures put into its database. */
export type VtnClient = { readonly clientId: string; readonly clientSecret: string };
const operator: VtnClient = { clientId: 'bl-client', clientSecret: 'bl-client' };
const ven: VtnClient = { clientId: 'ven-client-client-id', clientSecret: 'ven-client' };

export type OpenLeadr = {
  readonly url: string;
  /** The client that is followed with. */
  readonly ven: VtnClient;
  /** Calls the server as the utility that operates it; answers what it said. Throws for anything but success. */
  readonly call: (method: string, path: string, body?: object) => Promise<unknown>;
  readonly stop: () => void;
};

const output = (command: string, args: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** The programs of PostgreSQL, which Debian keeps apart from the others. */
const postgresPrograms = (): string => {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (found === undefined) throw new CannotRehearse('there is no PostgreSQL on this machine (initdb, postgres, psql)');
  return found;
};

/** The server's program and its sources, whose migrations and fixtures make the database. */
const vtnProgram = (): { readonly program: string; readonly sources: string } => {
  const cargo = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const program = [process.env.OPENLEADR_VTN ?? '', join(cargo, 'bin', crate)].find(existsSync);
  const [sources] = globSync(join(cargo, 'registry/src/*', `${crate}-${crateVersion}`));
  if (program === undefined || sources === undefined)
    throw new CannotRehearse(
      `the server is not here: cargo install ${crate} --version ${crateVersion} --features internal-oauth (or name it with OPENLEADR_VTN)`,
    );
  return { program, sources };
};

/** PostgreSQL refuses to run as root: there its own user runs it. */
const databaseUser = (folder: string): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(output('id', [flag, 'postgres']) ?? Number.NaN));
  if (uid === undefined || gid === undefined || Number.isNaN(uid) || Number.isNaN(gid))
    throw new CannotRehearse('PostgreSQL does not run as root, and there is no user postgres');
  chownSync(folder, uid, gid);
  return { uid, gid };
};

/** One migration has a subquery without an alias, which PostgreSQL takes from 16 on; Debian 12 has 15. */
const withAlias = (sql: string): string =>
  sql.replace('unnest(_scopes) AS scope)', 'unnest(_scopes) AS scope) AS each_scope');

const until = async (what: string, isThere: () => Promise<boolean> | boolean): Promise<void> => {
  const startedAt = performance.now();
  while (performance.now() - startedAt < LONGEST_START_MS) {
    if (await isThere()) return;
    await setTimeout(200);
  }
  throw new Error(`${what} did not start within ${LONGEST_START_MS / 1_000} s`);
};

/**
 * Starts openleadr-vtn, an OpenADR 3.1 server that is not ours, with a database of its own in a temporary folder. Throws
 * CannotRehearse where the crate or PostgreSQL are missing. What it prints goes to vtn.log in `logs`.
 */
export const startOpenLeadr = async (logs: string): Promise<OpenLeadr> => {
  const { program, sources } = vtnProgram();
  const postgres = postgresPrograms();
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, 'vtn.log'));
  const children: ChildProcess[] = [];
  const stop = (): void => {
    for (const child of children.toReversed()) child.kill('SIGTERM');
  };
  process.once('exit', stop);
  const start = (command: string, args: readonly string[], options: object): void => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false });
    children.push(child);
  };

  const folder = temporaryFolder('wattstream-vtn-');
  const user = databaseUser(folder);
  const data = join(folder, 'data');
  const made = spawnSync(join(postgres, 'initdb'), ['-D', data, '-U', 'vtn', '--auth=trust', '--no-sync'], user);
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const [databasePort, port] = [await freePort(), await freePort()];
  const flags = ['-D', data, '-p', String(databasePort), '-k', folder, '-h', '127.0.0.1', '-F'];
  start(join(postgres, 'postgres'), flags, user);
  const database = `postgres://vtn@127.0.0.1:${databasePort}/postgres`;
  // Each file is one transaction, as the server's own tool runs them.
  const psql = (...args: string[]) =>
    spawnSync('psql', [database, '-q', '-1', '-v', 'ON_ERROR_STOP=1', ...args], { encoding: 'utf8' });
  await until('PostgreSQL', () => psql('-c', 'SELECT 1').status === 0);
  const migrations = join(sources, 'migrations');
  const files = [
    ...readdirSync(migrations)
      .sort()
      .map((name) => join(migrations, name)),
    join(sources, 'src/api/fixtures/users.sql'),
  ];
  for (const file of files) {
    const { status, stderr } = psql('-c', withAlias(readFileSync(file, 'utf8')));
    if (status !== 0) throw new Error(`psql refuses ${file}: ${stderr}`);
  }

  const url = `http://127.0.0.1:${port}`;
  start(program, [], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: database,
      OAUTH_TYPE: 'INTERNAL',
      OAUTH_BASE64_SECRET: randomBytes(32).toString('base64'),
      OAUTH_TOKEN_URL: `${url}/auth/token`,
      RUST_LOG: 'info',
    },
  });
  await until('The OpenADR server', async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok ?? false);

  const tokenOf = async ({ clientId, clientSecret }: VtnClient): Promise<string> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const answer: unknown = await (await fetch(`${url}/auth/token`, { method: 'POST', body })).json();
    return String(Reflect.get(Object(answer), 'access_token'));
  };
  const token = await tokenOf(operator);
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return { url, ven, call, stop };
};
