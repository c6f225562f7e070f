/** A part of a sum that is shared out: between its bounds, otherwise in proportion to its weight. */
export type Part = {
  readonly id: string;
  /** 0 or more: what the share is proportional to, W. */
  readonly weightW: number;
  /** Multiples of the quantum, `leastW <= mostW`. */
  readonly leastW: number;
  readonly mostW: number;
};

const QUANTUM_W = 10;
/** Weights are exact to a milliwatt; so are their products with quanta, as big integers. */
const PER_WATT = 1000;

type Counted = Part & { readonly weight: bigint; readonly least: bigint; readonly most: bigint };

const quantaOf = (powerW: number): bigint => BigInt(Math.round(powerW / QUANTUM_W));

const counted = (part: Part): Counted => ({
  ...part,
  weight: BigInt(Math.round(part.weightW * PER_WATT)),
  least: quantaOf(part.leastW),
  most: quantaOf(part.mostW),
});

const sum = (values: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const value of values) total += value;
  return total;
};

/**
 * The parts that are free at the common level, and what is left for them. A part whose proportional share lies outside its
 * bounds is set to the bound; of both kinds the one that weighs more is set first, so none is set wrongly (the rule by which
 * CSS resolves flexible lengths).
 */
const settle = (parts: readonly Counted[], total: bigint) => {
  const settled = new Map<string, bigint>();
  let free = parts;
  for (;;) {
    const left = total - sum(settled.values());
    const weight = sum(free.map((part) => part.weight));
    const above = (part: Counted): boolean => part.weight * left > part.most * weight;
    const below = (part: Counted): boolean => part.weight * left < part.least * weight;
    const excess = sum(free.filter(above).map((part) => part.weight * left - part.most * weight));
    const lack = sum(free.filter(below).map((part) => part.least * weight - part.weight * left));
    const isSet = weight === 0n ? () => true : excess >= lack && excess > 0n ? above : below;
    const set = free.filter(isSet);
    if (set.length === 0) return { settled, free, left, weight };
    for (const part of set) settled.set(part.id, isSet === above ? part.most : part.least);
    free = free.filter((part) => !isSet(part));
    if (free.length === 0) return { settled, free, left: 0n, weight: 0n };
  }
};

/**
 * Shares `totalW` out: each part gets clamp(level x weight, least, most), in multiples of 10 W that add up to exactly
 * min(total, sum of the most) (and at least the sum of the least). What rounding down leaves goes to the largest remainders;
 * of equal ones to the larger weight, then the lower id. Exact: computed in integers. W by id, in the order of the parts.
 */
export const shareOut = (parts: readonly Part[], totalW: number): ReadonlyMap<string, number> => {
  const all = parts.map(counted);
  const wanted = quantaOf(totalW);
  const [least, most] = [sum(all.map((part) => part.least)), sum(all.map((part) => part.most))];
  const total = wanted < least ? least : wanted > most ? most : wanted;
  const { settled, free, left, weight } = settle(all, total);
  const shares = free.map((part) => {
    const product = part.weight * left;
    return { part, whole: product / weight, remainder: product % weight };
  });
  let spare = left - sum(shares.map(({ whole }) => whole));
  const order = shares.toSorted(
    (a, b) =>
      Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder) ||
      Number(b.part.weight > a.part.weight) - Number(b.part.weight < a.part.weight) ||
      (a.part.id < b.part.id ? -1 : 1),
  );
  for (const { part, whole } of order) {
    settled.set(part.id, spare > 0n ? whole + 1n : whole);
    if (spare > 0n) spare -= 1n;
  }
  return new Map(parts.map(({ id }) => [id, Number(settled.get(id) ?? 0n) * QUANTUM_W]));
};
