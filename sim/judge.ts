import { invariants } from './invariants/index.ts';
import { seen } from './world/seen.ts';
import type { World } from './world/world.ts';

/** Something that must be so and is not. */
export type Violation = { readonly invariant: string; readonly what: string };

/** Checks every invariant on a world that has come to rest. */
export const judge = async (world: World): Promise<readonly Violation[]> => {
  const shown = await seen(world);
  const found: Violation[] = [];
  for (const { name, check } of invariants)
    for (const what of await check(world, shown)) found.push({ invariant: name, what });
  return found;
};
