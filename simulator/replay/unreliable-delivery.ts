import type { Random } from '../random.ts';

/** Longest stretch a charger repeats because it had not yet noted how far its queue was delivered. */
const longestTail = 12;

const shuffled = <T>(list: readonly T[], chance: Random): T[] =>
  list
    .map((item) => ({ item, order: chance.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);

/**
 * Cuts a queue into random batches, with a lost connection between them, and repeats messages as chargers do: one whose
 * answer got lost is sent again at once, and after a reconnect the queue may resume a stretch before where it was. At any
 * later time whole batches come again, in any order: by then nobody near the live state remembers them.
 */
export const unreliableDelivery = <T>(queue: readonly T[], chance: Random, duplicates: number): T[][] => {
  const batches: T[][] = [];
  const again: T[][] = [];
  let resumeAt = 0;
  for (let from = 0; from < queue.length; ) {
    const to = Math.min(queue.length, from + chance.integer(1, 40));
    const batch = queue
      .slice(resumeAt, to)
      .flatMap((message) => (chance.chance(duplicates) ? [message, message] : [message]));
    batches.push(batch);
    if (chance.chance(duplicates)) again.push(batch);
    if (again.length > 0 && chance.chance(duplicates / 2))
      batches.push(...again.splice(chance.integer(0, again.length - 1), 1));
    from = to;
    resumeAt = chance.chance(duplicates) ? Math.max(0, to - chance.integer(1, longestTail)) : to;
  }
  return [...batches, ...shuffled(again, chance)];
};
