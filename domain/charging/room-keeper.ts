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
  return {
    /** The constraints that have no room for so much more of a session. */
    lacking: (id: string, moreW: number): readonly number[] =>
      (of.get(id) ?? []).filter(({ k, factor }) => factor * moreW > free(k) + NOISE_W).map(({ k }) => k),
    take: (id: string, moreW: number): void => {
      for (const { k, factor } of of.get(id) ?? []) freeOf[k] = free(k) - factor * moreW;
    },
    isExceeded: (id: string): boolean => (of.get(id) ?? []).some(({ k }) => free(k) < -NOISE_W),
    /** Whether every limit over a session has more than a share of itself free, and room for more than so much. */
    isIdle: (id: string, share: number, moreW: number): boolean =>
      (of.get(id) ?? []).every(
        ({ k, factor }) => free(k) > Math.max(share * (constraints[k]?.capacity ?? 0), factor * moreW),
      ),
  };
};
