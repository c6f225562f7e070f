import type { Guard } from '../kernel/guard.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { PendingChange, Transition } from '../kernel/transition.ts';

/** One item while a record is folded over it. An item that is past the record takes no part in it any more. */
export type TrackedItem<T> = {
  readonly before: T;
  now: T;
  readonly changes: PendingChange[];
  readonly isPast: boolean;
  isTouched: boolean;
};

/** An item laid out for a record of this guard. */
export const trackedItem = <T extends { readonly guard: Guard }>(item: T, guard: Guard): TrackedItem<T> => ({
  before: item,
  now: item,
  changes: [],
  isPast: item.guard >= guard,
  isTouched: false,
});

/** Takes one reducer's step into the item. */
export const apply = <T>(item: TrackedItem<T>, step: Transition<T>): void => {
  item.now = step.next;
  item.changes.push(...step.changes);
};

/** Changes with their ids: `prefix` names the record and the item, the ordinal the change. */
export const identified = (changes: readonly PendingChange[], prefix: string): readonly StateChange[] =>
  // A decided change lacks nothing but its id; the compiler cannot see that through the distributed Omit.
  changes.map((change, ordinal) => ({ id: `${prefix}.${ordinal}`, ...change }) as StateChange);

/** Whether the record is to advance the item: it changed it, said something about it, or decided on it. */
export const isChanged = <T>({ before, now, changes, isTouched, isPast }: TrackedItem<T>): boolean =>
  !isPast && (isTouched || now !== before || changes.length > 0);

/** The item moved on to a record. */
export const moved = <T extends { readonly rev: number }>(item: T, guard: Guard): T => ({
  ...item,
  guard,
  rev: item.rev + 1,
});
