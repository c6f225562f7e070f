import type { Change } from './change.ts';

/** A change before it has its id: the fold numbers changes once it knows the record and the item they belong to. */
export type Decided = Change extends infer C
  ? C extends Change
    ? Omit<C, 'id'> & { readonly id?: string }
    : never
  : never;

/** What one reducer made of a state: the next one (the same reference if nothing changed) and what has happened. */
export type Step<T> = { readonly next: T; readonly changes: readonly Decided[] };

/** A step that keeps the state as it is. */
export const unchanged = <T>(next: T): Step<T> => ({ next, changes: [] });

/** Runs reducers one after the other over one state and collects their changes in order. */
export const inTurn = <T>(state: T, ...reducers: readonly ((state: T) => Step<T>)[]): Step<T> =>
  reducers.reduce<Step<T>>((step, reduce) => {
    const after = reduce(step.next);
    return { next: after.next, changes: [...step.changes, ...after.changes] };
  }, unchanged(state));
