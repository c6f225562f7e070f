import { claimsHeap } from './claims-heap.ts';
import { at, type ConstraintTable } from './constraint-table.ts';

/** One group of sessions that compete, as arrays by session index; only those in `group` are read or changed. */
export type ProgressiveFilling = {
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
/** As `floorTo`, for the loop. */
const STEP_NOISE = 1e-7;

const [FREE, AT_MIN, AT_MAX] = [0, 1, 2];
const [NOBODY, NOTHING] = [new Int32Array(0), new Float64Array(0)];

/**
 * The level at which constraint k is full: where the sum of clamp(weight x level, min, max) over its members, with those that
 * have stopped at their amounts, meets the capacity. Infinite if it holds even with all at their maximum. Members that lie
 * outside their bounds are set to them, of both kinds first the one that weighs more: after that it is never undone.
 */
const levelOf = (
  k: number,
  { minW, maxW, weight, amountW }: ProgressiveFilling,
  { capacity, members, factors }: ConstraintTable,
  stopped: Uint8Array,
): number => {
  const [list, factor] = [members[k] ?? NOBODY, factors[k] ?? NOTHING];
  let most = 0;
  for (let m = 0; m < list.length; m += 1) {
    const i = at(list, m);
    most += at(factor, m) * at(stopped[i] === 1 ? amountW : maxW, i);
  }
  if (most <= at(capacity, k) + TOLERANCE_W) return Number.POSITIVE_INFINITY;
  const set = new Uint8Array(list.length);
  for (let level = 0; ; ) {
    let [fixed, slope] = [0, 0];
    for (let m = 0; m < list.length; m += 1) {
      const [i, weighs] = [at(list, m), at(factor, m)];
      if (stopped[i] === 1) fixed += weighs * at(amountW, i);
      else if (set[m] === FREE) slope += weighs * at(weight, i);
      else fixed += weighs * at(set[m] === AT_MIN ? minW : maxW, i);
    }
    // Without free members the sum stands at the capacity but for noise.
    if (slope === 0) return level;
    level = (at(capacity, k) - fixed) / slope;
    let [excess, lack] = [0, 0];
    for (let m = 0; m < list.length; m += 1) {
      const i = at(list, m);
      if (stopped[i] === 1 || set[m] !== FREE) continue;
      const share = at(weight, i) * level;
      if (share > at(maxW, i)) excess += at(factor, m) * (share - at(maxW, i));
      else if (share < at(minW, i)) lack += at(factor, m) * (at(minW, i) - share);
    }
    if (excess === 0 && lack === 0) return level;
    for (let m = 0; m < list.length; m += 1) {
      const i = at(list, m);
      if (stopped[i] === 1 || set[m] !== FREE) continue;
      const share = at(weight, i) * level;
      if (excess >= lack) {
        if (share > at(maxW, i)) set[m] = AT_MAX;
      } else if (share < at(minW, i)) set[m] = AT_MIN;
    }
  }
};

/**
 * Weighted max-min: a common level rises; each session holds clamp(weight x level, min, max); at the first full constraint
 * its members stop; and so on, at most once per constraint (Bertsekas and Gallager, Data Networks, 6.5.2, with bounds and
 * weights). Amounts are real numbers here.
 */
const raise = (filling: ProgressiveFilling, table: ConstraintTable): void => {
  const { group, minW, maxW, weight, amountW } = filling;
  const { members, start, constraintAt } = table;
  const stopped = new Uint8Array(amountW.length).fill(1);
  for (const i of group) stopped[i] = 0;
  const levels = Float64Array.from(members, (_, k) => levelOf(k, filling, table, stopped));
  let reached = 0;
  const stop = (i: number): void => {
    amountW[i] = Math.min(Math.max(at(weight, i) * reached, at(minW, i)), at(maxW, i));
    stopped[i] = 1;
  };
  for (;;) {
    let full = -1;
    for (let k = 0; k < levels.length; k += 1)
      if (at(levels, k) < (full < 0 ? Number.POSITIVE_INFINITY : at(levels, full))) full = k;
    if (full < 0) break;
    reached = Math.max(reached, at(levels, full));
    const touched = new Set<number>();
    for (const i of members[full] ?? NOBODY) {
      if (stopped[i] === 1) continue;
      stop(i);
      for (let m = at(start, i); m < at(start, i + 1); m += 1) touched.add(at(constraintAt, m));
    }
    touched.delete(full);
    levels[full] = Number.POSITIVE_INFINITY;
    for (const k of touched)
      if (at(levels, k) < Number.POSITIVE_INFINITY) levels[k] = levelOf(k, filling, table, stopped);
  }
  for (const i of group) if (stopped[i] === 0) amountW[i] = at(maxW, i);
};

const isAtMost = ({ amountW, maxW, stepW }: ProgressiveFilling, i: number): boolean =>
  at(amountW, i) + at(stepW, i) > at(maxW, i) + TOLERANCE_W;

/** Whether a session may take one step more, by its maximum and every constraint. */
const fitsStep = (filling: ProgressiveFilling, table: ConstraintTable, i: number): boolean => {
  const { stepW, load } = filling;
  const { capacity, start, constraintAt, factorAt } = table;
  if (isAtMost(filling, i)) return false;
  for (let m = at(start, i); m < at(start, i + 1); m += 1) {
    const k = at(constraintAt, m);
    if (at(load, k) + at(factorAt, m) * at(stepW, i) > at(capacity, k) + TOLERANCE_W) return false;
  }
  return true;
};

/** Adds power to a session, and to the load of its constraints. */
export const give = (
  { amountW, load }: Pick<ProgressiveFilling, 'amountW' | 'load'>,
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
export const fillUp = (filling: ProgressiveFilling, table: ConstraintTable): void => {
  const { group, minW, stepW, amountW } = filling;
  raise(filling, table);
  for (const i of group) {
    const step = at(stepW, i);
    const wholeW = Math.max(at(minW, i), Math.floor(at(amountW, i) / step + STEP_NOISE) * step);
    amountW[i] = at(minW, i);
    give(filling, table, i, wholeW - at(minW, i));
  }
  const heap = claimsHeap(filling, (i) => fitsStep(filling, table, i));
  while (!heap.isEmpty()) {
    const i = heap.top();
    if (isAtMost(filling, i)) heap.removeTop();
    else if (!fitsStep(filling, table, i)) heap.tidy();
    else {
      give(filling, table, i, at(stepW, i));
      heap.changed();
    }
  }
};
