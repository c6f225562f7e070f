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

/** The table of constraints whose members are among these ids. */
export const constraintTable = (constraints: readonly Constraint[], ids: readonly string[]): ConstraintTable => {
  const everybody = Int32Array.from(ids.keys());
  const indexOf = new Map<string, number>();
  // The site names everybody in the given order: looking each up would cost more than the filling.
  if (constraints.some(({ members }) => members !== ids))
    for (const index of everybody) indexOf.set(ids[index] ?? '', index);
  const members = constraints.map((constraint) =>
    constraint.members === ids ? everybody : Int32Array.from(constraint.members, (id) => indexOf.get(id) ?? 0),
  );
  const factors = constraints.map((constraint) =>
    constraint.factors === undefined
      ? new Float64Array(constraint.members.length).fill(1)
      : Float64Array.from(constraint.factors),
  );
  const start = new Int32Array(ids.length + 1);
  for (const list of members) for (const index of list) start[index + 1] = (start[index + 1] ?? 0) + 1;
  for (let i = 0; i < ids.length; i += 1) start[i + 1] = (start[i + 1] ?? 0) + (start[i] ?? 0);
  const next = start.slice();
  const constraintAt = new Int32Array(start[ids.length] ?? 0);
  const factorAt = new Float64Array(constraintAt.length);
  for (const [k, list] of members.entries())
    for (let m = 0; m < list.length; m += 1) {
      const index = list[m] ?? 0;
      const at = next[index] ?? 0;
      constraintAt[at] = k;
      factorAt[at] = factors[k]?.[m] ?? 0;
      next[index] = at + 1;
    }
  const capacity = Float64Array.from(constraints, (constraint) => constraint.capacity);
  return { capacity, members, factors, start, constraintAt, factorAt };
};

/** The value at an index that comes from the arrays' own lengths; the fallback is for the compiler, which cannot see that. */
export const at = (array: Float64Array | Int32Array | Uint32Array | Uint8Array, index: number): number =>
  array[index] ?? 0;
