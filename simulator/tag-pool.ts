import type { Random } from './random.ts';

/** The tags of a fleet's drivers: nobody charges at two places at once. */
export type TagPool = {
  /** A tag that nobody uses; any tag when all of them are in use. */
  readonly take: (chance: Random) => string;
  /** The driver is done, and the CSMS knows it. */
  readonly release: (tag: string) => void;
};

/** A pool of these tags, all of them free. */
export const tagPool = (tags: readonly [string, ...string[]]): TagPool => {
  const free = [...tags];
  return {
    take: (chance) => {
      if (free.length === 0) return chance.pick(tags);
      const [taken = tags[0]] = free.splice(chance.integer(0, free.length - 1), 1);
      return taken;
    },
    release: (tag) => {
      if (tags.includes(tag) && !free.includes(tag)) free.push(tag);
    },
  };
};
