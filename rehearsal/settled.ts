import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from './outcome.ts';

/** Streams are polled, a function's first call loads it, and a step of the workflow waits for the one before. */
export const LONGEST_SETTLING_MS = 90_000;

const LOOK_MS = 1_000;
/** Looks in a row that find the same. */
const UNCHANGED_LOOKS = 8;

/**
 * What `look` finds in the end: what `wanted` says or, where nothing is wanted, what no longer changes and has `complete`
 * hold. After LONGEST_SETTLING_MS it is what was found by then.
 */
export const settled = async (
  look: () => Promise<Outcome>,
  { wanted, complete }: { readonly wanted: Outcome | undefined; readonly complete: (found: Outcome) => boolean },
): Promise<Outcome> => {
  const beganAt = performance.now();
  let found = await look();
  let unchanged = 0;
  while (performance.now() - beganAt < LONGEST_SETTLING_MS) {
    if (wanted === undefined ? unchanged >= UNCHANGED_LOOKS && complete(found) : isDeepStrictEqual(found, wanted))
      break;
    await setTimeout(LOOK_MS);
    const now = await look();
    unchanged = isDeepStrictEqual(now, found) ? unchanged + 1 : 0;
    found = now;
  }
  return found;
};
