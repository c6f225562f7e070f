import { boundedCache } from '../../async/bounded-cache.ts';
import { sameContent, type Window, windowName } from '../../domain/windows/window.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { WindowStore } from '../ports/window-store.ts';

const REMEMBERED = 50_000;

export type PutRows = (rows: readonly Window[]) => Promise<void>;

/** Puts rows and says which of them the store will never take. */
export const putRows =
  (store: Pick<WindowStore, 'put'>, warn: SampledWarning): PutRows =>
  async (rows) => {
    if (rows.length === 0) return;
    const { rejected } = await store.put(rows);
    for (const { window, reason } of rejected)
      warn('windowRejected', { series: window.series, key: window.key, startAt: window.startAt, reason });
  };

/**
 * Puts only rows that say something new: roll-ups of the last minutes are computed several times and mostly come out the
 * same. Remembers what this Lambda environment wrote; a fresh one writes once more, which changes nothing.
 */
export const putChangedRows = (put: PutRows): PutRows => {
  const known = boundedCache<string, Window>(REMEMBERED);
  return async (rows) => {
    const changed = rows.filter((row) => {
      const before = known.get(windowName(row));
      return before === undefined || !sameContent(before, row);
    });
    await put(changed);
    for (const row of changed) known.set(windowName(row), row);
  };
};
