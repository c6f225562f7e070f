import type { Random } from '../random.ts';

/**
 * Cuts a queue into random batches and repeats some of their messages, as a bad network makes a charger do: the answer got
 * lost, so after the next connect it sends them again, in order.
 */
export const unreliably = <T>(queue: readonly T[], chance: Random, duplicates: number): T[][] => {
  const batches: T[][] = [];
  for (let from = 0; from < queue.length; ) {
    const batch = queue.slice(from, from + chance.integer(1, 40));
    from += batch.length;
    batches.push([...batch, ...batch.filter(() => chance.chance(duplicates))]);
  }
  return batches;
};
