import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../cli/command-line/temporary-folder.ts';
import { startDynamodb } from '../../../local/dynamodb/dynamodb-process.ts';
import { memoryFolder } from '../../../local/dynamodb/memory-folder.ts';
import { soon } from '../../support/soon.ts';

const folders = () => [memoryFolder() ?? temporaryFolder('passing-'), temporaryFolder('kept-')] as const;

it.each(['SIGTERM', 'SIGKILL'])(
  'removes the folder of a database that passes with it, not another (%s)',
  async (signal) => {
    const [passing, kept] = folders();
    const [one, other] = await Promise.all([
      startDynamodb(0, { folder: passing, isPassing: true }),
      startDynamodb(0, { folder: kept }),
    ]);
    await Promise.all([one.ready, other.ready]);
    expect([passing, kept].map(existsSync)).toEqual([true, true]);
    for (const { pid } of [one, other]) process.kill(pid ?? 0, signal);
    await expect.poll(() => [passing, kept].map(existsSync), soon).toEqual([false, true]);
  },
  60_000,
);
