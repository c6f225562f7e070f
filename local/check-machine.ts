import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { close, listen } from './http/http-server.ts';
import { LocalProblem } from './local-problem.ts';
import { localServices } from './stack/local-services.ts';

/**
 * Finds what would stop a start, before the seconds that synthesis takes: folders that cannot be written, ports that are
 * taken (by their flags), programs that are missing. Throws LocalProblem.
 */
export const checkMachine = async (
  folders: readonly string[],
  ports: Readonly<Record<string, number>> = {},
): Promise<void> => {
  for (const folder of folders) checkWritable(folder);
  for (const { check, port } of localServices) {
    check?.();
    if (port === undefined) continue;
    const probe = createServer();
    await listen(probe, ports[port.flag] ?? 0, `--${port.flag}`);
    await close(probe);
  }
};

/** A disk that is full takes an empty file. */
const PROBE = new Uint8Array(64 * 1_024);

const checkWritable = (folder: string): void => {
  const probe = join(folder, '.writable');
  try {
    makeFolder(resolve(folder));
    writeFileSync(probe, PROBE);
    rmSync(probe);
  } catch (cause) {
    if (existsSync(probe)) rmSync(probe);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LocalProblem(
      `The folder ${folder} cannot be written`,
      `Make it writable, with space on its disk, or choose another: ${reason}`,
      {
        cause,
      },
    );
  }
};

/** Not by `recursive`: in Node 24 that never ends where making a folder says ENOENT though the one above it is there, as /proc does. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
};
