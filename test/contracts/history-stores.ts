import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../domain/history/timeline-entry.ts';
import { DAY_MS, LONGEST_SESSION_MS } from '../../domain/kernel/durations.ts';
import type { SessionRecord } from '../../domain/tariff/session-record.ts';
import type { DirtyMarks } from '../../use-cases/ports/dirty-marks.ts';
import type { SessionStore } from '../../use-cases/ports/session-store.ts';
import type { SweepLease, SweepProgress } from '../../use-cases/ports/sweep/sweep-progress.ts';
import type { Timeline } from '../../use-cases/ports/timeline.ts';

const T0 = Date.parse('2026-11-01T10:00:00Z');

/** What every Timeline must do. `open` gives an empty one. */
export const timelineContract = (name: string, open: () => Timeline): void => {
  describe(`the timeline on ${name}`, () => {
    const entry = (id: string, at: number): TimelineEntry => ({
      subject: 'S#1#1',
      id,
      at,
      kind: 'status',
      title: 't',
      detail: { a: 1 },
    });

    it('holds an entry once, however often it is put, and lists a range either way round', async () => {
      const store = open();
      const entries = Array.from({ length: 30 }, (_, index) => entry(`e${index}`, T0 + index * 1000));
      await store.put([...entries, ...entries], []);
      await store.put(entries, []);
      const range = { fromAt: T0 + 1000, toAt: T0 + 4000 };
      const { items, nextToken } = await store.list('S#1#1', range, { limit: 10 });
      expect([items, nextToken]).toEqual([entries.slice(1, 4), undefined]);
      const newest = await store.list('S#1#1', range, { limit: 10, newestFirst: true });
      expect(newest.items).toEqual(entries.slice(1, 4).reverse());
    });

    it('gives the marks of a range and those before it that still hold, the later write last at one instant', async () => {
      const store = open();
      const mark = (at: number, status: 'available' | 'charging' | 'faulted', rev: number, backfilled = false) => ({
        connector: 'M#1#1',
        at,
        status,
        rev,
        ordinal: 0,
        ...(backfilled ? { backfilled } : {}),
      });
      await store.put(
        [],
        [
          mark(T0, 'available', 2),
          mark(T0 + 5000, 'faulted', 10),
          mark(T0 + 5000, 'charging', 9),
          mark(T0 + 3000, 'charging', 11, true),
          mark(T0 + 9000, 'available', 12),
        ],
      );
      expect(await store.marks('M#1#1', T0 + 4000, T0 + 9000)).toEqual([
        { at: T0, status: 'available' },
        { at: T0 + 3000, status: 'charging', backfilled: true },
        { at: T0 + 5000, status: 'charging' },
        { at: T0 + 5000, status: 'faulted' },
      ]);
      expect(await store.nextMarkAt('M#1#1', T0 + 5000)).toBe(T0 + 9000);
      expect(await store.nextMarkAt('M#1#1', T0 + 9000)).toBeUndefined();
    });

    it.each([4, 16, 700])(
      'gives the last live mark before a range also where %i were told late since',
      async (late) => {
        const store = open();
        const connector = `L${late}#1#1`;
        const told = Array.from({ length: late }, (_, index) => ({
          ...({ connector, at: T0 + (index + 1) * 1000, status: index % 2 === 0 ? 'charging' : 'available' } as const),
          ...{ backfilled: true, rev: 10 + index, ordinal: 0 },
        }));
        const gone = { connector, at: T0, status: 'offline', rev: 2, ordinal: 0 } as const;
        await store.put([], [gone, ...told]);
        const marks = await store.marks(connector, T0 + DAY_MS, T0 + 2 * DAY_MS);
        expect(marks).toEqual([gone, ...told].map(({ connector: _, rev: __, ordinal: ___, ...mark }) => mark));
      },
    );
  });
};

/** What every DirtyMarks must do. `open` gives an empty list. */
export const dirtyMarksContract = (name: string, open: () => DirtyMarks): void => {
  describe(`marks of roll-ups to repeat on ${name}`, () => {
    it('stay when they were made again after they were read, and go otherwise', async () => {
      const store = open();
      const mark = (key: string) => ({ kind: 'load', key, startAt: T0 });
      await store.mark([mark('a'), mark('b'), mark('a')]);
      const seen = await store.pending(100);
      expect(seen.map(({ key }) => key).sort()).toEqual(['a', 'b']);
      await store.mark([mark('b')]);
      await store.clear(seen);
      await store.clear(seen);
      expect((await store.pending(100)).map(({ key }) => key)).toEqual(['b']);
    });
  });
};

/** What every SweepProgress must do. `open` gives one of a sweep that never ran. */
export const sweepProgressContract = (name: string, open: () => SweepProgress): void => {
  describe(`the progress of the sweep on ${name}`, () => {
    it('is what was put last', async () => {
      const progress = open();
      expect(await progress.read()).toBeUndefined();
      await progress.put({ whole: { load: T0 }, segments: [{ uptime: T0 }, {}] });
      const last = { whole: { load: T0 + 1 }, segments: [{ uptime: T0 + 1 }, { uptime: T0 }] };
      await progress.put(last);
      expect(await progress.read()).toEqual(last);
    });
  });
};

/** What every SweepLease must do. `open` gives one that nobody took yet. */
export const sweepLeaseContract = (name: string, open: () => SweepLease): void => {
  describe(`the lease of the sweep on ${name}`, () => {
    it('is held by one run until it is given back or its time is over, and never taken again for the same minute', async () => {
      const lease = open();
      const run = (minute: number, second: number) =>
        lease.take({ scheduledAt: minute, now: T0 + second * 1000, untilAt: T0 + (second + 58) * 1000 });
      const outcomes = [await run(1, 0), await run(1, 1), await run(2, 57)];
      await lease.release(1);
      outcomes.push(await run(1, 57), await run(2, 57), await run(3, 114), await run(3, 115));
      await lease.release(2);
      outcomes.push(await run(4, 120));
      expect(outcomes).toEqual([true, false, false, false, true, false, true, false]);
    });
  });
};

/** What every SessionStore must do with sessions that are withdrawn, or longer than is told. */
export const sessionStoreContract = (name: string, open: () => SessionStore): void => {
  describe(`the sessions on ${name}`, () => {
    const record = (sessionId: string, rev: number, more: Partial<SessionRecord> = {}): SessionRecord => ({
      ...{ sessionId, rev, stationId: `of ${sessionId}`, evseId: 1, connectorId: 1, transactionId: '1', tag: 'TAG' },
      ...{ startedAt: T0, endedAt: T0 + 1000, energyWh: 10, reason: 'local', curve: [[0, 0]], flags: [] },
      ...{ siteId: 'A', zoneId: 'Z', region: 'r', timeZone: 'UTC', connectorType: 'CCS', ratedW: 1 },
      ...{ durationMs: 1000, hours: [], hoursUtc: [] },
      ...more,
    });
    const listed = async (store: SessionStore, sessionId: string, fromAt: number, toAt: number) =>
      (await store.all({ by: 'station', value: `of ${sessionId}`, fromAt, toAt })).map(({ startedAt }) => startedAt);

    it('tell what was sold in some time, by those that lasted into it', async () => {
      const store = open();
      const DAY = 24 * 3_600_000;
      const longest = T0 + LONGEST_SESSION_MS;
      const hours = [{ startAt: T0, energyWh: 10 }];
      const cost = { tariffId: 'T', currency: 'EUR', totalMinor: 5, totalWithVatMinor: 6, lines: [] };
      const of = (sessionId: string, endedAt: number, more: Partial<SessionRecord> = {}) =>
        store.put(
          record(sessionId, 1, { stationId: 'seller', siteId: 'shop', startedAt: T0, endedAt, hours, ...more }),
        );
      await of('sold-long', longest, { cost: { ...cost, hours: [{ startAt: T0, minor: 5 }] } });
      await of('sold-over', longest - 1);
      await of('sold-next', longest + DAY, { startedAt: longest, hours: [] });
      await of('sold-later', longest + 3 * DAY, { startedAt: longest + 2 * DAY });
      await of('sold-elsewhere', longest, { siteId: 'mall' });
      const span = { fromAt: longest, toAt: longest + DAY };
      const told = { timeZone: 'UTC', energyWh: 10, durationMs: 1000, hours };
      const long = {
        ...{ ...told, sessionId: 'sold-long', endedAt: longest },
        cost: { currency: 'EUR', hours: [{ startAt: T0, minor: 5 }] },
      };
      const next = { ...told, sessionId: 'sold-next', endedAt: longest + DAY, hours: [] };
      const ofSite = await store.sold({ by: 'site', value: 'shop', ...span });
      expect(ofSite).toMatchObject([long, next]);
      const ofStation = await store.sold({ by: 'station', value: 'seller', ...span });
      expect(ofStation.map(({ sessionId }) => sessionId).sort()).toEqual(['sold-elsewhere', 'sold-long', 'sold-next']);
    });

    it('take out one that is withdrawn, and keep it out until a later write tells of it again', async () => {
      const store = open();
      await store.put(record('w1', 3));
      expect(await store.withdraw('w1', 2)).toBeUndefined();
      const span = { startedAt: T0, endedAt: T0 + 1000 };
      expect([await store.withdraw('w1', 4), await store.withdraw('w1', 4)]).toEqual([span, span]);
      expect([await store.find('w1'), await listed(store, 'w1', T0, T0 + 1)]).toEqual([undefined, []]);
      expect([await store.put(record('w1', 3)), await store.put(record('w1', 4))]).toEqual([false, false]);
      expect([await store.put(record('w1', 5)), await listed(store, 'w1', T0, T0 + 1)]).toEqual([true, [T0]]);
    });

    it('keep out one that is withdrawn before an older write tells of it', async () => {
      const store = open();
      expect([await store.withdraw('w2', 4), await store.put(record('w2', 3))]).toEqual([undefined, false]);
      expect(await store.find('w2')).toBeUndefined();
    });

    it('list one that is longer than is told where it is told from, as it was', async () => {
      const store = open();
      const endedAt = T0 + 40 * DAY_MS;
      const long = record('long', 1, { endedAt });
      await store.put(long);
      const toldFromAt = endedAt - 1 - LONGEST_SESSION_MS;
      expect(await store.find('long')).toEqual(long);
      expect(await listed(store, 'long', toldFromAt, toldFromAt + 1)).toEqual([T0]);
      expect(await listed(store, 'long', T0, toldFromAt)).toEqual([]);
      const selection = { by: 'station', value: 'of long', fromAt: T0, toAt: endedAt } as const;
      const first = await store.list(selection, { limit: 1 });
      const after = { sessionId: 'long', startedAt: toldFromAt };
      expect([first.items, (await store.list(selection, { limit: 1, after })).items]).toEqual([[long], []]);
    });
  });
};
