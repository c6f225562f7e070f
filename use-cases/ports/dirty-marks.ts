import type { DirtyMark } from '../../domain/windows/dirty-mark.ts';

/** A mark as it stood when it was read. */
export type PendingMark = DirtyMark & { readonly stamp: string; readonly markedAt: number };

/** Marks of roll-ups to compute again, in table timeline. Made after the rows they are about, cleared after the roll-up. */
export type DirtyMarks = {
  readonly mark: (marks: readonly DirtyMark[]) => Promise<void>;
  /** Up to `limit` marks, from all parts of the list alike. */
  readonly pending: (limit: number) => Promise<readonly PendingMark[]>;
  /** Clears marks, except those that were made again since they were read. */
  readonly clear: (marks: readonly PendingMark[]) => Promise<void>;
};
