import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { objectStore } from '../../../local/s3/object-store.ts';

it('an object that cannot be written leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'object-store-'));
  const { get, put } = objectStore(folder);
  await put('bucket', 'key/below', 'kept');
  // A file of this name has no place beside a folder of the same.
  await expect(put('bucket', 'key', 'lost')).rejects.toThrow();
  expect([await readdir(folder), String(await get('bucket', 'key/below'))]).toEqual([['bucket'], 'kept']);
  await rm(folder, { recursive: true });
});
