import type { StateChange } from './state-change.ts';

/** A change before it has its id: the fold numbers changes once it knows the record and the item they belong to. */
export type PendingChange = StateChange extends infer C
  ? C extends StateChange
    ? Omit<C, 'id'> & { readonly id?: string }
    : never
  : never;

/** What one reducer made of a state: the next one (the same reference if nothing changed) and what has happened. */
export type Transition<T> = { readonly next: T; readonly changes: readonly PendingChange[] };

/** A step that keeps the state as it is. */
export const unchanged = <T>(next: T): Transition<T> => ({ next, changes: [] });

/** Runs reducers one after the other over one state and collects their changes in order. */
export const inSequence = <T>(state: T, ...reducers: readonly ((state: T) => Transition<T>)[]): Transition<T> =>
  reducers.reduce<Transition<T>>((step, reduce) => {
    const after = reduce(step.next);
    return { next: after.next, changes: [...step.changes, ...after.changes] };
  }, unchanged(state));
