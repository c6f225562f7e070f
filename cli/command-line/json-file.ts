import { readFile } from 'node:fs/promises';
import { Problem } from './problem.ts';

/** Reads a JSON file that an operator names. Throws a Problem with the path and the cause. */
export const jsonFile = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Problem(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  });
  try {
    // Editors on Windows put a byte order mark first, which JSON does not know.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Problem(`${path} is no JSON: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
};
