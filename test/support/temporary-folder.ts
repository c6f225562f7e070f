import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of the tests a temporary folder of its own, which is removed when it ends, with whatever tests, the CDK and
 * programs they start left in it.
 */
export default async (): Promise<() => Promise<void>> => {
  const before = process.env.TMPDIR;
  const folder = await mkdtemp(join(tmpdir(), 'wattstream-test-'));
  // Workers and programs they start inherit it.
  process.env.TMPDIR = folder;
  return async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(folder, { recursive: true, force: true });
  };
};
