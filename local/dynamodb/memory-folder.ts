import { mkdtempSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
const MEMORY = '/dev/shm';
/** Room for a long run: the file grows with every change. Containers have 64 MB there, unless they are told otherwise. */
const NEEDED_BYTES = 2 ** 30;

/**
 * Makes a folder for a database that is kept nowhere: a file in memory, which takes an index (`speedUpDatabase`), as the
 * database's own mode without files does not. Undefined where this machine has no such place, or too little room in it. Whoever
 * uses it removes it.
 */
export const memoryFolder = (): string | undefined => {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize < NEEDED_BYTES ? undefined : mkdtempSync(join(MEMORY, 'wattstream-dynamodb-'));
  } catch {
    return undefined; // No such place here, or not for us: the database has a mode of its own.
  }
};
