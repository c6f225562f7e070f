import { newestOfEach, type Window, windowName } from '../../domain/windows/window.ts';
import type { WindowStore } from '../../use-cases/ports/window-store.ts';

/** A WindowStore in memory; passes the contract the real ones pass. `fail` makes the next puts throw, as an outage would. */
export const windowStoreInMemory = () => {
  const rows = new Map<string, Window>();
  let failures = 0;
  const store: WindowStore = {
    put: async (windows) => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('The window store is out of reach');
      }
      let written = 0;
      const distinct = newestOfEach(windows);
      for (const window of distinct) {
        const name = windowName(window);
        if ((rows.get(name)?.version ?? 0) >= window.version) continue;
        rows.set(name, window);
        written += 1;
      }
      return { written, stale: distinct.length - written, rejected: [] };
    },
    read: async (series, keys, fromAt, toAt) =>
      [...rows.values()]
        .filter((row) => row.series === series && keys.includes(row.key) && row.startAt >= fromAt && row.startAt < toAt)
        .sort((a, b) => a.startAt - b.startAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
  };
  return {
    store,
    rows,
    fail: (times: number): void => {
      failures = times;
    },
  };
};
