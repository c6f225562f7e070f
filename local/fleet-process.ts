import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { localSystem } from './local-system.ts';
import type { Log } from './stack/local-service.ts';

export type FleetProcess = {
  /** Settles with the exit code when the fleet ends by itself. */
  readonly ended: Promise<number | null>;
  readonly stop: () => Promise<void>;
};

const stopWithinMs = 3_000;

export type FleetSettings = {
  /** Where chargers connect. */
  readonly url: string;
  /** The broker to which every tenth charger connects, and buildings tell their meters. */
  readonly broker: string;
  readonly credentialsFile: string;
  readonly stations: number;
};

/** Runs the simulated chargers, and the meters of the buildings beside them, in a process of their own. */
export const startFleet = ({ url, broker, credentialsFile, stations }: FleetSettings, log: Log): FleetProcess => {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '..', 'simulator', 'fleet.ts'),
      ...['--url', url, '--credentials', credentialsFile, '--stations', String(stations)],
      ...['--mqtt', broker, '--buildings', broker],
    ],
    // Detached: a Ctrl-C must reach this process alone, so that chargers leave before the gateway does.
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true },
  );
  child.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) if (line !== '') log('fleet', line);
  });
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('exit', (code) => {
      process.removeListener('exit', killNow);
      resolve(code);
    });
    child.once('error', reject);
  });
  return {
    ended,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const cancelKill = localSystem.after(stopWithinMs, killNow);
      await ended;
      cancelKill();
    },
  };
};
