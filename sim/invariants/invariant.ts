import type { Seen } from '../world/seen.ts';
import type { World } from '../world/world.ts';

/** What must be so, whatever went wrong on the way. */
export type Invariant = {
  readonly name: string;
  /** One sentence, for docs/simulation.md. */
  readonly about: string;
  /** Where it is broken, each in a line of its own; empty when it holds. */
  readonly check: (world: World, seen: Seen) => Promise<readonly string[]> | readonly string[];
};
