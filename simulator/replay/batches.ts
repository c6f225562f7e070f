import type { Random } from '../random.ts';

/** Longest stretch a charger repeats because it had not yet noted how far its queue was delivered. */
const longestTail = 12;

/**
 * Cuts a queue into random batches, with a lost connection between them, and repeats messages as chargers do: one whose
 * answer got lost is sent again at once, and after a reconnect the queue may resume a stretch before where it was.
 */
export const unreliably = <T>(queue: readonly T[], chance: Random, duplicates: number): T[][] => {
  const batches: T[][] = [];
  let resumeAt = 0;
  for (let from = 0; from < queue.length; ) {
    const to = Math.min(queue.length, from + chance.integer(1, 40));
    batches.push(
      queue.slice(resumeAt, to).flatMap((message) => (chance.chance(duplicates) ? [message, message] : [message])),
    );
    from = to;
    resumeAt = chance.chance(duplicates) ? Math.max(0, to - chance.integer(1, longestTail)) : to;
  }
  return batches;
};
