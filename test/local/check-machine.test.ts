import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMachine } from '../../local/check-machine.ts';

describe('the check before a start', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'check-machine-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes folders that are missing', async () => {
    await expect(checkMachine([join(folder, 'a', 'b')])).resolves.toBeUndefined();
  });

  it('names a folder below a file', async () => {
    await expect(checkMachine(['/dev/null/below'])).rejects.toThrow('The folder /dev/null/below cannot be written');
  });

  it.runIf(process.platform === 'linux')('names a folder that the system does not let anyone make', async () => {
    await expect(checkMachine(['/proc/nope'])).rejects.toThrow('The folder /proc/nope cannot be written');
  });
});
