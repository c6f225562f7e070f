import type { ConstraintTable } from './constraint-table.ts';

/** One group of sessions that compete, as arrays by session index; only those in `group` are read or changed. */
export type Filling = {
  readonly group: Int32Array;
  readonly minW: Float64Array;
  readonly maxW: Float64Array;
  readonly weight: Float64Array;
  readonly stepW: Float64Array;
  /** Decides between equal claims: the lower id goes first. */
  readonly ids: readonly string[];
  /** What each session has, W: at its minimum before, its share afterwards. */
  readonly amountW: Float64Array;
  /** Load of each constraint, kept in step with `amountW`. */
  readonly load: Float64Array;
};

/** Capacities and powers are compared with this tolerance, W: noise of binary fractions, far below any quantum. */
export const TOLERANCE_W = 1e-5;
/** Claims that differ by less are equal: noise of a quotient of two numbers that people wrote. */
const EQUAL_CLAIMS = 1e-12;
/** As `floorTo`, for the loop. */
const STEP_NOISE = 1e-7;

const [WAITING, RISING, STOPPED] = [0, 1, 2];

// Indices come from the arrays' own lengths: the fallback of `at` is for the compiler, which cannot see that.
const at = (array: Float64Array | Int32Array | Uint32Array | Uint8Array, index: number): number => array[index] ?? 0;

/**
 * Weighted max-min: raises a common level; each session holds clamp(weight x level, min, max); at the first saturated
 * constraint its members stop; and so on. One sweep over the levels at which sessions leave their minimum or reach their
 * maximum (Bertsekas and Gallager, Data Networks, 6.5.2, with bounds and weights). Amounts are real numbers here.
 */
const raise = ({ group, minW, maxW, weight, amountW, load }: Filling, table: ConstraintTable): void => {
  const { capacity, members, start, constraintAt, factorAt } = table;
  const size = group.length;
  const level = new Float64Array(2 * size);
  for (let g = 0; g < size; g += 1) {
    const i = at(group, g);
    level[g] = at(minW, i) / at(weight, i);
    level[size + g] = at(maxW, i) / at(weight, i);
  }
  const order = new Uint32Array(2 * size).map((_, index) => index).sort((a, b) => at(level, a) - at(level, b));
  const phase = new Uint8Array(minW.length).fill(STOPPED);
  for (const i of group) phase[i] = at(maxW, i) > at(minW, i) ? WAITING : STOPPED;
  // The load of constraint k at level x is fixed[k] + slope[k] * x while nothing starts or stops.
  const fixed = load.slice();
  const slope = new Float64Array(fixed.length);
  const rising = new Int32Array(fixed.length);
  const saturated = new Uint8Array(fixed.length);

  const begin = (i: number): void => {
    phase[i] = RISING;
    for (let m = at(start, i); m < at(start, i + 1); m += 1) {
      const k = at(constraintAt, m);
      slope[k] = at(slope, k) + at(factorAt, m) * at(weight, i);
      fixed[k] = at(fixed, k) - at(factorAt, m) * at(minW, i);
      rising[k] = at(rising, k) + 1;
    }
  };
  const stop = (i: number, amount: number): void => {
    if (phase[i] === RISING) {
      amountW[i] = amount;
      for (let m = at(start, i); m < at(start, i + 1); m += 1) {
        const k = at(constraintAt, m);
        rising[k] = at(rising, k) - 1;
        // Without rising members the slope is nothing, not what subtraction leaves.
        slope[k] = rising[k] === 0 ? 0 : at(slope, k) - at(factorAt, m) * at(weight, i);
        fixed[k] = at(fixed, k) + at(factorAt, m) * amount;
      }
    }
    phase[i] = STOPPED;
  };
  let reached = 0;
  const saturateUpTo = (limit: number): void => {
    for (;;) {
      let [first, lowest] = [-1, limit];
      for (let k = 0; k < fixed.length; k += 1) {
        if (at(rising, k) === 0 || at(saturated, k) === 1) continue;
        const full = (at(capacity, k) - at(fixed, k)) / at(slope, k);
        if (full < lowest) [first, lowest] = [k, full];
      }
      if (first < 0) return;
      reached = Math.max(reached, lowest);
      saturated[first] = 1;
      for (const i of members[first] ?? []) if (phase[i] !== STOPPED) stop(i, at(weight, i) * reached);
    }
  };

  for (const event of order) {
    const i = at(group, event % size);
    const isStart = event < size;
    if (phase[i] === STOPPED || (isStart && phase[i] !== WAITING)) continue;
    saturateUpTo(at(level, event));
    if (phase[i] === STOPPED) continue;
    reached = Math.max(reached, at(level, event));
    if (isStart) begin(i);
    else stop(i, at(maxW, i));
  }
};

/** A heap of sessions with the lowest claim on top: (amount + step) / weight, then the id. */
const claimsHeap = ({ amountW, stepW, weight, ids }: Filling, size: number) => {
  const heap = new Int32Array(size);
  const claim = new Float64Array(amountW.length);
  let length = 0;
  const goesFirst = (a: number, b: number): boolean => {
    const difference = at(claim, a) - at(claim, b);
    return Math.abs(difference) > EQUAL_CLAIMS * at(claim, a) ? difference < 0 : (ids[a] ?? '') < (ids[b] ?? '');
  };
  const sink = (from: number): void => {
    const moved = at(heap, from);
    let hole = from;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) break;
      if (child + 1 < length && goesFirst(at(heap, child + 1), at(heap, child))) child += 1;
      if (!goesFirst(at(heap, child), moved)) break;
      heap[hole] = at(heap, child);
      hole = child;
    }
    heap[hole] = moved;
  };
  const setClaim = (i: number): void => {
    claim[i] = (at(amountW, i) + at(stepW, i)) / at(weight, i);
  };
  return {
    add: (i: number): void => {
      setClaim(i);
      heap[length] = i;
      length += 1;
    },
    ready: (): void => {
      for (let index = (length >> 1) - 1; index >= 0; index -= 1) sink(index);
    },
    isEmpty: (): boolean => length === 0,
    top: (): number => at(heap, 0),
    /** The top has another amount now. */
    changed: (): void => {
      setClaim(at(heap, 0));
      sink(0);
    },
    remove: (): void => {
      length -= 1;
      heap[0] = at(heap, length);
      if (length > 0) sink(0);
    },
  };
};

/** Whether a session may take one step more, by its maximum and every constraint. */
export const fitsStep = (
  { amountW, maxW, stepW, load }: Pick<Filling, 'amountW' | 'maxW' | 'stepW' | 'load'>,
  { capacity, start, constraintAt, factorAt }: ConstraintTable,
  i: number,
): boolean => {
  if (at(amountW, i) + at(stepW, i) > at(maxW, i) + TOLERANCE_W) return false;
  for (let m = at(start, i); m < at(start, i + 1); m += 1) {
    const k = at(constraintAt, m);
    if (at(load, k) + at(factorAt, m) * at(stepW, i) > at(capacity, k) + TOLERANCE_W) return false;
  }
  return true;
};

/** Adds power to a session, and to the load of its constraints. */
export const give = (
  { amountW, load }: Pick<Filling, 'amountW' | 'load'>,
  { start, constraintAt, factorAt }: ConstraintTable,
  i: number,
  powerW: number,
): void => {
  amountW[i] = at(amountW, i) + powerW;
  for (let m = at(start, i); m < at(start, i + 1); m += 1) {
    const k = at(constraintAt, m);
    load[k] = at(load, k) + at(factorAt, m) * powerW;
  }
};

/**
 * Fills a group up from the minimums its sessions hold: weighted max-min in real numbers, rounded down to each session's
 * step, then single steps to the lowest claim for which every limit still holds, until nobody can take one. Lowest claim and
 * not largest remainder: with the latter a larger budget may take from somebody (the Alabama paradox).
 */
export const fillUp = (filling: Filling, table: ConstraintTable): void => {
  const { group, minW, stepW, amountW } = filling;
  raise(filling, table);
  for (const i of group) {
    const step = at(stepW, i);
    const wholeW = Math.max(at(minW, i), Math.floor(at(amountW, i) / step + STEP_NOISE) * step);
    amountW[i] = at(minW, i);
    give(filling, table, i, wholeW - at(minW, i));
  }
  const heap = claimsHeap(filling, group.length);
  for (const i of group) if (fitsStep(filling, table, i)) heap.add(i);
  heap.ready();
  while (!heap.isEmpty()) {
    const i = heap.top();
    if (fitsStep(filling, table, i)) {
      give(filling, table, i, at(stepW, i));
      heap.changed();
    } else heap.remove();
  }
};
