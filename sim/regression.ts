import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SimCase } from './shrink.ts';
import { profiles } from './sim-options.ts';

/** Cases that failed once; test/simulation/regressions.test.ts runs every file. */
const folder = join(import.meta.dirname, '../test/simulation/regressions');

const Regression = z.object({
  /** The invariant it broke. */
  invariant: z.string(),
  /** What was found. */
  what: z.string(),
  options: z.object({ seed: z.number(), stations: z.number(), days: z.number(), profile: z.enum(profiles) }),
  plan: z.array(z.object({ id: z.string(), fault: z.string(), atMs: z.number(), forMs: z.number() })),
});
export type Regression = z.infer<typeof Regression>;

/** Writes a case as a test; returns the file. */
export const saveRegression = (invariant: string, what: string, { options, plan }: SimCase): string => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${invariant}-${options.seed}.json`);
  writeFileSync(file, `${JSON.stringify({ invariant, what, options, plan }, undefined, 2)}\n`);
  return file;
};

/** The cases that were written, by the names of their files. */
export const readRegressions = (): readonly (readonly [name: string, regression: Regression])[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, Regression.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))] as const);
