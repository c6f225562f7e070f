import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { accepts, close, listen } from '../http/http-server.ts';
import { LocalProblem } from '../local-problem.ts';
import { type LocalSystem, localSystem } from '../local-system.ts';
import { type DatabaseRunner, databaseRunner, endingSignal, spawnDatabase } from './database-runner.ts';

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

const readyWithinMs = 30_000;

export type DynamodbOptions = {
  /** Folder of the database file. Default: the database is in memory. */
  readonly folder?: string | undefined;
  /** The folder is removed with the end of the database, and of this process, however that ends. */
  readonly isPassing?: boolean;
  /** Default: the machine's. */
  readonly system?: LocalSystem;
};

/**
 * Starts AWS's DynamoDB Local on the port (0: a free one); `ready` tells when it answers.
 * Needs Java 17 or Docker; without either it throws a LocalProblem that says how to get one.
 */
export const startDynamodb = async (
  port: number,
  { folder, isPassing = false, system = localSystem }: DynamodbOptions = {},
): Promise<DynamodbProcess> => {
  const runner = databaseRunner();
  const chosen = await freePort(port);
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const kept = folder === undefined ? undefined : { path: resolve(folder), isPassing };
  return started(runner, spawnDatabase(runner, chosen, kept), chosen, system);
};

/** Opening the port ourselves first tells a taken one from a slow start, which Java's own message does not. */
const freePort = async (port: number): Promise<number> => {
  const probe = createServer();
  const chosen = await listen(probe, port, '--dynamodb-port');
  await close(probe);
  return chosen;
};

const started = (runner: DatabaseRunner, child: ChildProcess, port: number, system: LocalSystem): DynamodbProcess => {
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
  const endNow = () => child.kill(endingSignal[runner]);
  process.once('exit', endNow);
  const stop = async () => {
    stopping = true;
    process.removeListener('exit', endNow);
    if (ended !== undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const cancelKill = system.after(2_000, () => child.kill('SIGKILL'));
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
