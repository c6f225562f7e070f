import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FleetReply, FleetRequest, FleetStatus } from '../simulator/fleet.ts';

export type FleetProcess = {
  readonly pid: number;
  /** Its last line of status. */
  readonly status: () => FleetStatus | undefined;
  /** Lets it come to rest and returns what its stations know. */
  readonly quiesce: () => Promise<FleetReply>;
  readonly stop: () => void;
};

/** Runs the simulated fleet in a process of its own, so that it does not share the stack's thread. */
export const fleetProcess = (flags: readonly string[]): FleetProcess => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'simulator', 'fleet.ts'), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('The fleet has no output');
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`The fleet ended (exit ${code})`))),
  );
  ended.catch(() => {});
  let status: FleetStatus | undefined;
  createInterface({ input: stdout }).on('line', (line) => {
    status = JSON.parse(line);
  });
  const request = (message: FleetRequest): Promise<FleetReply> => {
    const reply = new Promise<FleetReply>((resolve) =>
      child.once('message', (received) => resolve(received as FleetReply)),
    );
    child.send(message);
    return Promise.race([reply, ended]);
  };
  return {
    pid: child.pid ?? 0,
    status: () => status,
    quiesce: () => request({ type: 'quiesce' }),
    stop: () => child.kill('SIGTERM'),
  };
};
