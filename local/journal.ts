import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { chunksOf } from '../async/chunks-of.ts';
import { LocalProblem } from './local-problem.ts';

/** An append-only file of JSON lines. */
export type Journal<Entry> = {
  /** What earlier runs left in the file, oldest first. */
  readonly entries: readonly Entry[];
  /** Resolves when the entry is on disk (fdatasync). Entries that are appended meanwhile share the next write. */
  readonly append: (entry: Entry) => Promise<void>;
  /** Resolves when everything appended is on disk. */
  readonly close: () => Promise<void>;
};

/** Keeps nothing: for a stack whose state is in memory. */
export const noJournal = <Entry>(): Journal<Entry> => ({
  entries: [],
  append: async () => undefined,
  close: async () => undefined,
});

/** A file is written anew once it has this size and twice what was needed the last time. */
const smallestRewriteBytes = 8 * 2 ** 20;

/**
 * Opens a journal. `current` gives the entries that say the same as all that were appended so far: the file is replaced by
 * them now and then, so that it does not grow for ever; an entry that is under way then stands in it twice. A last line that
 * a crash cut off was never confirmed, and is dropped. Throws LocalProblem for a file that is damaged elsewhere.
 */
export const openJournal = async <Entry>(
  file: string,
  current: () => Iterable<Entry>,
  rewriteBytes = smallestRewriteBytes,
): Promise<Journal<Entry>> => {
  mkdirSync(dirname(file), { recursive: true });
  const entries = readEntries<Entry>(file);
  let { handle, sizeBytes } = await replace(file, entries);
  let neededBytes = sizeBytes;
  let waiting: { readonly line: string; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] =
    [];
  let writing: Promise<void> | undefined;
  let broken: { readonly error: unknown } | undefined;

  const rewrite = async () => {
    const old = handle;
    try {
      ({ handle, sizeBytes } = await replace(file, current()));
      await old.close();
    } catch {
      // The old file still holds everything: the next try comes when it has doubled.
    }
    neededBytes = sizeBytes;
  };
  const write = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const text = batch.map(({ line }) => line).join('');
      try {
        await handle.appendFile(text);
        await handle.datasync();
      } catch (error) {
        for (const { reject } of batch) reject(error);
        // Half a line in the middle would make the file unreadable: what was not confirmed goes.
        await handle.truncate(sizeBytes);
        continue;
      }
      sizeBytes += Buffer.byteLength(text);
      for (const { resolve } of batch) resolve();
      if (sizeBytes > Math.max(rewriteBytes, 2 * neededBytes)) await rewrite();
    }
    writing = undefined;
  };
  /** The file could not even be cut back: nothing more can be kept in it. */
  const breakDown = (error: unknown) => {
    broken = { error };
    for (const { reject } of waiting.splice(0)) reject(error);
  };

  return {
    entries,
    append: (entry) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken.error);
        waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
        writing ??= write().catch(breakDown);
      }),
    close: async () => {
      await writing;
      await handle.close();
    },
  };
};

const readEntries = <Entry>(file: string): Entry[] =>
  textOf(file)
    .split('\n')
    // What stands behind the last line break is empty, or a line that was cut off.
    .slice(0, -1)
    .map((line, index) => {
      try {
        return JSON.parse(line);
      } catch (cause) {
        throw new LocalProblem(
          `${file} cannot be read: line ${index + 1} is no JSON`,
          'Restore the folder from a copy, or choose another one with --data',
          { cause },
        );
      }
    });

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
};

/**
 * Puts a file of these entries in the old one's place, whole or not at all, and leaves it open for more. Once it is in its place
 * nothing may fail: whoever is told of a failure goes on with the old file, which nobody would find again.
 */
const replace = async <Entry>(
  file: string,
  entries: Iterable<Entry>,
): Promise<{ readonly handle: FileHandle; readonly sizeBytes: number }> => {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  const folder = await open(dirname(file), 'r');
  try {
    const handle = await open(fresh, 'a');
    try {
      for (const lines of chunksOf([...entries], 1_000))
        await handle.appendFile(lines.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      await handle.datasync();
      const { size: sizeBytes } = await handle.stat();
      renameSync(fresh, file);
      // Some file systems sync no folders: there a power cut may bring the old file back for a while.
      await folder.sync().catch(() => undefined);
      return { handle, sizeBytes };
    } catch (error) {
      await handle.close();
      rmSync(fresh, { force: true });
      throw error;
    }
  } finally {
    await folder.close();
  }
};
