/** A car that wants power. */
export type Taker = {
  /** What it would take if it were alone, W. */
  readonly demandW: number;
  /** Below this it takes nothing, W: six amperes on each of its phases. */
  readonly floorW: number;
};

/** The level at which the demands, cut off at it, add up to the budget. */
const levelOf = (demandsW: readonly number[], budgetW: number): number => {
  let leftW = budgetW;
  let count = demandsW.length;
  for (const demandW of demandsW.toSorted((a, b) => a - b)) {
    if (demandW * count >= leftW) return leftW / count;
    leftW -= demandW;
    count--;
  }
  return Infinity;
};

/**
 * How a station shares its maximum among its cars, W each, in the order they came: as evenly as their demands allow. Where a
 * share is too small to charge with, the car that came last waits, and the others share its part.
 */
export const sharedPower = (takers: readonly Taker[], budgetW: number): number[] => {
  const waiting = new Set<number>();
  for (;;) {
    const demands = takers.map(({ demandW }, index) => (waiting.has(index) ? 0 : demandW));
    const level = levelOf(demands, Math.max(0, budgetW));
    const shares = demands.map((demandW) => Math.min(demandW, level));
    const starved = takers.findLastIndex(
      ({ floorW }, index) => (shares[index] ?? 0) > 0 && (shares[index] ?? 0) < floorW,
    );
    if (starved < 0) return shares;
    waiting.add(starved);
  }
};
