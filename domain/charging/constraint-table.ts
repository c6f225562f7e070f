import type { Constraint } from './allocation.ts';

/**
 * Constraints as arrays of numbers: the allocator walks them in both directions many thousand times. Sessions and
 * constraints are named by their index.
 */
export type ConstraintTable = {
  readonly capacity: Float64Array;
  /** The sessions of each constraint, and what one watt of each weighs in it. */
  readonly members: readonly Int32Array[];
  readonly factors: readonly Float64Array[];
  /** The constraints of session i are those at `start[i]` up to, not including, `start[i + 1]`. */
  readonly start: Int32Array;
  readonly constraintAt: Int32Array;
  readonly factorAt: Float64Array;
};

/** Members that are no session (reserved loads are in the capacity already) are left out. */
export const constraintTable = (constraints: readonly Constraint[], ids: readonly string[]): ConstraintTable => {
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const entries = constraints.map(({ members }) =>
    members.flatMap(({ id, factor }) => {
      const index = indexOf.get(id);
      return index === undefined ? [] : [{ index, factor }];
    }),
  );
  const start = new Int32Array(ids.length + 1);
  for (const list of entries) for (const { index } of list) start[index + 1] = (start[index + 1] ?? 0) + 1;
  for (let i = 0; i < ids.length; i += 1) start[i + 1] = (start[i + 1] ?? 0) + (start[i] ?? 0);
  const next = start.slice();
  const constraintAt = new Int32Array(start[ids.length] ?? 0);
  const factorAt = new Float64Array(constraintAt.length);
  for (const [k, list] of entries.entries())
    for (const { index, factor } of list) {
      const at = next[index] ?? 0;
      constraintAt[at] = k;
      factorAt[at] = factor;
      next[index] = at + 1;
    }
  return {
    capacity: Float64Array.from(constraints, ({ capacity }) => capacity),
    members: entries.map((list) => Int32Array.from(list, ({ index }) => index)),
    factors: entries.map((list) => Float64Array.from(list, ({ factor }) => factor)),
    start,
    constraintAt,
    factorAt,
  };
};
