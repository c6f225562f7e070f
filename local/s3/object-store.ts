import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

export type ObjectStore = {
  readonly put: (bucket: string, key: string, body: string | Buffer) => Promise<void>;
  readonly get: (bucket: string, key: string) => Promise<Buffer | undefined>;
  readonly remove: (bucket: string, key: string) => Promise<void>;
  readonly list: (
    bucket: string,
    prefix: string,
  ) => Promise<readonly { readonly key: string; readonly sizeBytes: number; readonly modifiedAt: Date }[]>;
};

/** Objects as plain files: one folder per bucket, keys percent-encoded segment by segment so that none leaves its bucket. */
export const objectStore = (folder: string): ObjectStore => {
  let writes = 0;
  const segment = (text: string) =>
    encodeURIComponent(text).replaceAll(/^\.+$/g, (dots) => dots.replaceAll('.', '%2E'));
  const fileOf = (bucket: string, key: string) => join(folder, segment(bucket), ...key.split('/').map(segment));
  return {
    put: async (bucket, key, body) => {
      const file = fileOf(bucket, key);
      await mkdir(dirname(file), { recursive: true });
      // Whole or not at all: a reader sees the object only once it is on disk.
      writes += 1;
      const fresh = join(folder, `.writing-${writes}`);
      try {
        await writeFile(fresh, body, { flush: true });
        await rename(fresh, file);
      } catch (error) {
        // On a full disk nobody would take it away, and the next try leaves another.
        await rm(fresh, { force: true });
        throw error;
      }
    },
    get: (bucket, key) => readFile(fileOf(bucket, key)).catch(undefinedIfMissing),
    remove: (bucket, key) => rm(fileOf(bucket, key), { force: true }),
    list: async (bucket, prefix) => {
      const root = join(folder, segment(bucket));
      const entries = (await readdir(root, { recursive: true, withFileTypes: true }).catch(undefinedIfMissing)) ?? [];
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const keys = files.map((file) => relative(root, file).split(sep).map(decodeURIComponent).join('/'));
      return await Promise.all(
        keys
          .filter((key) => key.startsWith(prefix))
          .sort()
          .map(async (key) => {
            const { size, mtime } = await stat(fileOf(bucket, key));
            return { key, sizeBytes: size, modifiedAt: mtime };
          }),
      );
    },
  };
};

const undefinedIfMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
  throw error;
};
