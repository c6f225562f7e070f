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

/** How far work that must not skip anything has come: the instant up to which it is done, ms, by the name of the work. */
export type SweepProgress = {
  readonly all: () => Promise<ReadonlyMap<string, number>>;
  readonly put: (work: string, doneUntil: number) => Promise<void>;
};
