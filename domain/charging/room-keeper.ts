import type { Constraint } from './allocation.ts';

/** Noise of sums of powers, W. */
const NOISE_W = 1e-3;

/** The room of every constraint, while commands are added one by one. */
export const roomKeeper = (constraints: readonly Constraint[], committed: ReadonlyMap<string, number>) => {
  const of = new Map<string, { k: number; factor: number }[]>();
  const freeOf = constraints.map(({ capacity, members, factors }, k) => {
    let free = capacity;
    for (const [m, id] of members.entries()) {
      const factor = factors?.[m] ?? 1;
      free -= factor * (committed.get(id) ?? 0);
      const places = of.get(id);
      if (places === undefined) of.set(id, [{ k, factor }]);
      else places.push({ k, factor });
    }
    return free;
  });
  const free = (k: number): number => freeOf[k] ?? 0;
  /** The least of something over all limits of a session. */
  const least = (id: string, of_: (place: { k: number; factor: number }) => number): number =>
    (of.get(id) ?? []).reduce((lowest, place) => Math.min(lowest, of_(place)), Number.POSITIVE_INFINITY);
  return {
    /** How much more a session may have with a part of each limit kept free, W; negative where one is exceeded. */
    leftW: (id: string, spareShare = 0): number =>
      least(id, ({ k, factor }) => (free(k) - spareShare * (constraints[k]?.capacity ?? 0)) / factor),
    hasRoom: (id: string, moreW: number): boolean => least(id, ({ k, factor }) => free(k) - factor * moreW) >= -NOISE_W,
    take: (id: string, moreW: number): void => {
      for (const { k, factor } of of.get(id) ?? []) freeOf[k] = free(k) - factor * moreW;
    },
    isExceeded: (id: string): boolean => least(id, ({ k }) => free(k)) < -NOISE_W,
  };
};
