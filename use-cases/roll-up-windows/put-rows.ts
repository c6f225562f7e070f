import { boundedCache } from '../../async/bounded-cache.ts';
import { sameContent, type Window, windowName } from '../../domain/windows/window.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { WindowStore } from '../ports/window-store.ts';

const REMEMBERED = 50_000;

export type PutRows = (rows: readonly Window[]) => Promise<void>;

/** Two ways to put rows, which remember together what this Lambda environment wrote; what the store will never take is warned of. */
export type RowsPut = {
  /** Puts all of them. */
  readonly put: PutRows;
  /**
   * Puts only rows that say something new: roll-ups of the last minutes are computed several times and mostly come out the
   * same. A fresh environment writes once more, which changes nothing.
   */
  readonly putChanged: PutRows;
};

/**
 * Puts rows of a store. What is repeated for late data may have read a moment less than the work of every minute before it: were
 * its rows not remembered, that would take its own for stored the next time, and theirs would stay.
 */
export const rowsPut = (store: Pick<WindowStore, 'put'>, warn: SampledWarning): RowsPut => {
  const known = boundedCache<string, Window>(REMEMBERED);
  const put: PutRows = async (rows) => {
    if (rows.length === 0) return;
    const { rejected, stale } = await store.put(rows);
    for (const { window, reason } of rejected)
      warn('windowRejected', { series: window.series, key: window.key, startAt: window.startAt, reason });
    // Which of them were not above what is stored the store does not say: then none is known to be.
    for (const row of rows)
      if (stale === 0) known.set(windowName(row), row);
      else known.delete(windowName(row));
  };
  const isNews = (row: Window): boolean => {
    const before = known.get(windowName(row));
    return before === undefined || !sameContent(before, row);
  };
  return { put, putChanged: (rows) => put(rows.filter(isNews)) };
};
