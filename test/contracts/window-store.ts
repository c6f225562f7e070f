import { describe, expect, it } from 'vitest';
import type { Window } from '../../domain/windows/window.ts';
import type { WindowStore } from '../../use-cases/ports/window-store.ts';

const START = Date.parse('2026-11-01T10:00:00Z');
const MINUTE = 60_000;

/** What every WindowStore must do. `open` gives a store; keys are made unique here, so tests may share one. */
export const windowStoreContract = (name: string, open: () => WindowStore): void => {
  let tests = 0;
  const freshKey = (): string => {
    tests += 1;
    return `S'${name}-${tests}#1#1`;
  };
  const row = (key: string, minute: number, version: number, energyWh = 100): Window => ({
    series: 'connector_1m',
    key,
    startAt: START + minute * MINUTE,
    version,
    measures: { energyWh, meanW: energyWh * 60, samples: 2, 'seconds.charging': 1.5 },
    labels: { stationId: 'S1', siteId: 'North "site"', sessionId: 'a.b.c' },
  });

  describe(`the window store on ${name}`, () => {
    it('gives back what was put, in order, within the range only', async () => {
      const store = open();
      const key = freshKey();
      const rows = [3, 0, 2, 1].map((minute) => row(key, minute, 7));
      expect(await store.put(rows)).toEqual({ written: 4, stale: 0, rejected: [] });
      expect(await store.read('connector_1m', [key], START + MINUTE, START + 3 * MINUTE)).toEqual([
        row(key, 1, 7),
        row(key, 2, 7),
      ]);
    });

    it('reads several keys at once and nothing of other keys, series or times', async () => {
      const store = open();
      const [one, two, other] = [freshKey(), freshKey(), freshKey()];
      await store.put([
        row(one, 0, 1),
        row(two, 0, 1),
        row(other, 0, 1),
        { ...row(one, 0, 1), series: 'site_load_1m' },
      ]);
      const rows = await store.read('connector_1m', [two, one, one], START, START + MINUTE);
      expect(rows.map(({ series, key }) => [series, key])).toEqual([
        ['connector_1m', one],
        ['connector_1m', two],
      ]);
      expect(await store.read('connector_1m', [freshKey()], START, START + MINUTE)).toEqual([]);
      expect(await store.read('connector_1m', [], START, START + MINUTE)).toEqual([]);
      expect(await store.read('connector_1m', [one], START, START)).toEqual([]);
    });

    it('takes a higher version and keeps it against lower and equal ones', async () => {
      const store = open();
      const key = freshKey();
      await store.put([row(key, 0, 5, 100)]);
      expect(await store.put([row(key, 0, 6, 200)])).toEqual({ written: 1, stale: 0, rejected: [] });
      expect(await store.put([row(key, 0, 6, 300)])).toEqual({ written: 0, stale: 1, rejected: [] });
      expect(await store.put([row(key, 0, 5, 400), row(key, 1, 1, 1)])).toEqual({ written: 1, stale: 1, rejected: [] });
      expect(await store.read('connector_1m', [key], START, START + MINUTE)).toEqual([row(key, 0, 6, 200)]);
    });

    it('leaves no measure of the old version behind', async () => {
      const store = open();
      const key = freshKey();
      await store.put([row(key, 0, 1)]);
      const next: Window = { ...row(key, 0, 2), measures: { energyWh: 1 }, labels: {} };
      await store.put([next]);
      expect(await store.read('connector_1m', [key], START, START + MINUTE)).toEqual([next]);
    });

    it('takes the highest version of one row within one call', async () => {
      const store = open();
      const key = freshKey();
      expect(await store.put([row(key, 0, 3, 3), row(key, 0, 9, 9), row(key, 0, 4, 4)])).toEqual({
        written: 1,
        stale: 0,
        rejected: [],
      });
      expect(await store.read('connector_1m', [key], START, START + MINUTE)).toEqual([row(key, 0, 9, 9)]);
    });

    it('takes more rows than one request carries, and gives more than one page holds', async () => {
      const store = open();
      const key = freshKey();
      const rows = Array.from({ length: 1_203 }, (_, minute) => row(key, minute, 1));
      expect(await store.put(rows)).toEqual({ written: 1_203, stale: 0, rejected: [] });
      expect(await store.read('connector_1m', [key], START, START + 1_203 * MINUTE)).toEqual(rows);
    });

    it('is unchanged by a replay', async () => {
      const store = open();
      const key = freshKey();
      const rows = Array.from({ length: 120 }, (_, minute) => row(key, minute, 2));
      await store.put(rows);
      const replayed = await store.put(rows);
      expect(replayed.rejected).toEqual([]);
      expect(await store.read('connector_1m', [key], START, START + 120 * MINUTE)).toEqual(rows);
    });
  });
};
