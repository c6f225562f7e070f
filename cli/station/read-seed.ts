import { jsonFile } from '../command-line/json-file.ts';
import { Problem } from '../command-line/problem.ts';

/**
 * A seed file: JSON `{"stations": [StationEntry, ...], "tags": [TagEntry, ...]}`, either part may be missing.
 * The entries are checked where they are used (station-entry.ts, tag-entry.ts).
 */
export type Seed = { readonly stations: readonly unknown[]; readonly tags: readonly unknown[] };

const list = (value: unknown, name: string, path: string): readonly unknown[] => {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new Problem(`"${name}" in ${path} must be a list`);
};

/** Reads a seed file. */
export const readSeed = async (path: string): Promise<Seed> => {
  const seed = await jsonFile(path);
  if (typeof seed !== 'object' || seed === null || Array.isArray(seed))
    throw new Problem(`${path} must hold an object: {"stations": [...], "tags": [...]}`);
  const { stations, tags, ...rest } = seed as Readonly<Record<string, unknown>>;
  const stray = Object.keys(rest)[0];
  if (stray !== undefined) throw new Problem(`${path} knows "stations" and "tags", not "${stray}"`);
  return { stations: list(stations, 'stations', path), tags: list(tags, 'tags', path) };
};
