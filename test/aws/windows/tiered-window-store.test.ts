import { describe, expect, it } from 'vitest';
import { tieredWindowStore } from '../../../aws/windows/tiered-window-store.ts';
import type { Window } from '../../../domain/windows/window.ts';
import type { WindowStore } from '../../../use-cases/ports/window-store.ts';
import { windowStoreContract } from '../../contracts/window-store.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const now = Date.parse('2026-11-01T12:00:00Z');
const DAY = 86_400_000;

windowStoreContract('two tiers, near', () => {
  const clock = () => now;
  return tieredWindowStore(windowStoreInMemory().store, windowStoreInMemory().store, { clock });
});
windowStoreContract('two tiers, far', () => {
  const clock = () => now + 30 * DAY;
  return tieredWindowStore(windowStoreInMemory().store, windowStoreInMemory().store, { clock });
});

const row = (startAt: number, version: number, energyWh: number): Window => ({
  series: 'connector_1m',
  key: 'S1#1#1',
  startAt,
  version,
  measures: { energyWh },
  labels: {},
});

describe('windows in two tiers', () => {
  /** A far store that counts its queries and shows nothing new before hours have passed, as Timestream does with late rows. */
  const slow = (known: readonly Window[]) => {
    let queries = 0;
    const store: WindowStore = {
      put: async (windows) => ({ written: windows.length, stale: 0, rejected: [] }),
      read: async (series, keys, fromAt, toAt) => {
        queries += 1;
        return known.filter(
          (one) => one.series === series && keys.includes(one.key) && one.startAt >= fromAt && one.startAt < toAt,
        );
      },
    };
    return { store, queries: () => queries };
  };
  const tiers = (known: readonly Window[] = []) => {
    const far = slow(known);
    const store = tieredWindowStore(windowStoreInMemory().store, far.store, { clock: () => now });
    return { store, queries: far.queries };
  };
  const read = (store: WindowStore, fromAt: number) => store.read('connector_1m', ['S1#1#1'], fromAt, fromAt + DAY);

  it('are not asked for in the far one by the work of a minute, nor by a day that is computed at its end', async () => {
    const { store, queries } = tiers();
    const rows = [row(now - 60_000, 1, 10), row(now - 2 * DAY, 1, 20)];
    await store.put(rows);
    expect([await read(store, now - 60_000), await read(store, now - 2 * DAY), queries()]).toEqual([
      [rows[0]],
      [rows[1]],
      0,
    ]);
  });

  it('read what arrived late from where it was written, among what was there before', async () => {
    const before = [row(now - 40 * DAY, 1, 10), row(now - 40 * DAY + 60_000, 1, 20)];
    const { store, queries } = tiers(before);
    const late = row(now - 40 * DAY, 2, 15);
    await store.put([late]);
    expect([await read(store, now - 40 * DAY), queries()]).toEqual([[late, before[1]], 1]);
  });

  it('are not shown near before the far one took them: nobody would write them again', async () => {
    const far = windowStoreInMemory().store;
    let isOut = false;
    const put: WindowStore['put'] = async (windows) => {
      if (isOut) throw new Error('out');
      return far.put(windows);
    };
    const store = tieredWindowStore(windowStoreInMemory().store, { ...far, put }, { clock: () => now });
    const [before, late] = [row(now - 10 * DAY, 1, 10), row(now - 10 * DAY, 2, 15)];
    await store.put([before]);
    isOut = true;
    await expect(store.put([late])).rejects.toThrow('out');
    expect(await read(store, now - 10 * DAY)).toEqual([before]);
    isOut = false;
    await store.put([late]);
    expect([await read(store, now - 10 * DAY), await read(far, now - 10 * DAY)]).toEqual([[late], [late]]);
  });

  it('are told as refused when the far one will never take them', async () => {
    const refusing: WindowStore = {
      ...slow([]).store,
      put: async (windows) => ({
        written: 0,
        stale: 0,
        rejected: windows.map((window) => ({ window, reason: 'more than 15 minutes ahead' })),
      }),
    };
    const store = tieredWindowStore(windowStoreInMemory().store, refusing, { clock: () => now });
    const ahead = row(now + 3_600_000, 1, 10);
    expect(await store.put([ahead])).toEqual({
      written: 1,
      stale: 0,
      rejected: [{ window: ahead, reason: 'more than 15 minutes ahead' }],
    });
  });
});
