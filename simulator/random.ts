/** A seeded source of chance: the same seed gives the same numbers, so that a demo and a failed bench can be repeated. */
export type Random = {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** Uniform in [low, high). */
  readonly between: (low: number, high: number) => number;
  /** Uniform integer in [low, high], both included. */
  readonly integer: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
  /** One of a non-empty list. */
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  /** Waiting time until the next event of a Poisson process with this mean gap, in the unit of the mean. */
  readonly wait: (mean: number) => number;
  /** An independent source whose numbers depend only on this seed and the name. */
  readonly fork: (name: string) => Random;
};

/** An id that no other run ever makes, whatever its seed. */
export const newId = (): string => crypto.randomUUID();

/** FNV-1a, 32 bits: spreads names over seeds. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
};

/** Source of chance from an integer or text seed. The generator is the 32-bit counter hash known as mulberry32. */
export const random = (seed: number | string): Random => {
  const origin = hash(String(seed));
  let state = origin;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    integer,
    chance: (probability) => next() < probability,
    pick: (list) => list[integer(0, list.length - 1)] ?? list[0],
    wait: (mean) => -Math.log(1 - next()) * mean,
    fork: (name) => random(`${origin}/${name}`),
  };
};
