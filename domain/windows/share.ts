import type { Measures } from '../kernel/measures.ts';
import type { Recomputed } from './recompute.ts';

/** What one part of a divided sweep knows of some windows of a key whose stations may be in several parts. Plain data. */
export type Share = {
  readonly series: string;
  readonly key: string;
  readonly timeZone: string;
  /** Key of the marks that the group's late data leave. */
  readonly mark: string;
  /** Nothing happened in this part: its one row stands for each of the windows. */
  readonly isQuiet: boolean;
  readonly rows: readonly Recomputed[];
};

/**
 * The rows of a key from all shares in it, in order. The windows are those of the shares in which something may have happened;
 * a key in which all parts are quiet has none.
 */
export const mergedRows = (
  shares: readonly Share[],
  merge: (parts: readonly Measures[]) => Measures,
): readonly Recomputed[] => {
  const active = shares.filter(({ isQuiet }) => !isQuiet);
  const quiet = shares.flatMap(({ isQuiet, rows }) => (isQuiet ? rows.slice(0, 1) : []));
  const byStart = Map.groupBy(
    active.flatMap(({ rows }) => rows),
    ({ row }) => row.startAt,
  );
  return [...byStart].map(([startAt, rows]) => {
    const parts = [...rows, ...quiet];
    const [first] = rows;
    if (first === undefined) throw new Error('A window without a share');
    const row = {
      ...first.row,
      startAt,
      version: Math.min(...parts.map((part) => part.row.version)),
      measures: merge(parts.map((part) => part.row.measures)),
    };
    return { row, isEmpty: parts.every(({ isEmpty }) => isEmpty) };
  });
};
