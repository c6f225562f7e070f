import { LRUCache } from 'lru-cache';
import { sameContent, type Window, windowName } from '../../domain/windows/window.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { WindowStore } from '../ports/window-store.ts';

const REMEMBERED = 50_000;

/** Puts rows and says which of them the store will never take. */
export const putWithWarnings =
  (store: Pick<WindowStore, 'put'>, warn: SampledWarning) =>
  async (rows: readonly Window[]): Promise<void> => {
    if (rows.length === 0) return;
    const { rejected } = await store.put(rows);
    for (const { window, reason } of rejected)
      warn('windowRejected', { series: window.series, key: window.key, startAt: window.startAt, reason });
  };

/**
 * Puts only rows that say something new: roll-ups of the last minutes are computed several times and mostly come out the
 * same. Remembers what this Lambda environment wrote; a fresh one writes once more, which changes nothing.
 */
export const changedOnly = (
  put: (rows: readonly Window[]) => Promise<void>,
): ((rows: readonly Window[]) => Promise<void>) => {
  const known = new LRUCache<string, Window>({ max: REMEMBERED });
  return async (rows) => {
    const changed = rows.filter((row) => {
      const before = known.get(windowName(row));
      return before === undefined || !sameContent(before, row);
    });
    await put(changed);
    for (const row of changed) known.set(windowName(row), row);
  };
};

/** Rows to write so that a range holds `fresh` and nothing else: what differs, and rows that came out empty this time. */
export const replacing = (
  stored: readonly Window[],
  fresh: readonly Window[],
  version: number,
  empty: (row: Window) => Window['measures'],
): Window[] => {
  const before = new Map(stored.map((row) => [windowName(row), row]));
  const kept = new Set(fresh.map(windowName));
  return [
    ...fresh.filter((row) => {
      const known = before.get(windowName(row));
      return known === undefined || !sameContent(known, row);
    }),
    ...stored
      .filter((row) => !kept.has(windowName(row)))
      .map((row) => ({ ...row, version, measures: empty(row) }))
      .filter((row) => !sameContent(row, before.get(windowName(row)) ?? row)),
  ];
};
