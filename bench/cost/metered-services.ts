import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { awsJsonCall } from '../../local/http/aws-json-call.ts';

/** What functions gave to services, for whoever carries it on. */
export type Handed = {
  readonly records: { readonly stream: string; readonly partitionKey: string; readonly data: string }[];
  readonly frames: { readonly connectionId: string; readonly text: string }[];
  readonly wakeUps: { readonly body: string; readonly delayMs: number }[];
};

/** What the services saw since they were last asked. */
export type Seen = {
  /** Unit, what it was used on, amount. */
  readonly used: readonly (readonly [unit: string, on: string, amount: number])[];
  readonly handed: Handed;
  /** Tables that were written. */
  readonly written: readonly string[];
};

/** Where the services say what they saw; no service of AWS has this path. */
export const SEEN_PATH = '/seen-since-asked';

const Ready = z.object({ port: z.number() });

const portOf = async (child: ChildProcess): Promise<number> => {
  if (child.stdout === null) throw new Error('The services have no output');
  const lines = createInterface(child.stdout);
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The services ended with ${code}`)));
  const line = await Promise.race([once(lines, 'line').then(([text]) => String(text)), ended]);
  ended.catch(() => undefined);
  return Ready.parse(JSON.parse(line)).port;
};

/**
 * The metered services, in a process of their own: what they take of the CPU is not counted as time of the functions that
 * call them.
 */
export const startMeteredServices = async (dynamodbPort: number) => {
  const script = join(import.meta.dirname, 'services-process.ts');
  const child = spawn(process.execPath, [script, String(dynamodbPort)], { stdio: ['ignore', 'pipe', 'inherit'] });
  // Also where the bench fails: it would be waited for.
  process.once('exit', () => child.kill());
  const endpoint = `http://127.0.0.1:${await portOf(child)}`;
  const { call, close } = awsJsonCall(dynamodbPort, 'dynamodb', 'local');
  return {
    endpoint,
    /** What was used, handed over and written since the last time it was asked. */
    seen: async (): Promise<Seen> => {
      const response = await fetch(`${endpoint}${SEEN_PATH}`);
      // Written by the process beside this file.
      return (await response.json()) as Seen;
    },
    /** A request of the bench itself, which nobody pays for. */
    unmetered: call,
    stop: async (): Promise<void> => {
      close();
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
};

export type MeteredServices = Awaited<ReturnType<typeof startMeteredServices>>;
