import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../domain/connector/connector.ts';
import type { SessionRecord } from '../../../domain/tariff/session-record.ts';
import { pageToken } from '../../../use-cases/fields/page-token.ts';
import { NotPermitted } from '../../../use-cases/ports/field.ts';
import { querySession, querySessions } from '../../../use-cases/query-history/query-sessions.ts';
import { charging } from '../../domain/alerts/fixtures.ts';
import { operator, viewer } from '../../fakes/callers.ts';
import { sessionsInMemory } from '../../fakes/session-store.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');
const range = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };

const record = (sessionId: string, startedAt: number, more: Partial<SessionRecord> = {}): SessionRecord => ({
  sessionId,
  stationId: 'CS-1',
  evseId: 1,
  connectorId: 1,
  transactionId: sessionId,
  tag: 'T',
  startedAt,
  endedAt: startedAt + 1000,
  energyWh: 5,
  reason: 'local',
  curve: [[0, 0]],
  flags: [],
  rev: 1,
  siteId: 'site-1',
  zoneId: 'zone-1',
  region: 'north',
  timeZone: 'UTC',
  connectorType: 'CCS',
  ratedW: 1,
  durationMs: 1000,
  hours: [],
  hoursUtc: [],
  ...more,
});
const running = (sessionId: string, startedAt: number, tag = 'T'): Connector =>
  charging(5, { sessionId, startedAt, tag, socPercent: 40 });

const setting = async (ended: readonly SessionRecord[], connectors: readonly Connector[]) => {
  let live = connectors;
  const sessions = sessionsInMemory();
  for (const one of ended) await sessions.store.put(one);
  const asked: string[] = [];
  const ports = {
    sessions: sessions.store,
    running: {
      ofStation: async (stationId: string) => {
        asked.push(stationId);
        return live.filter((connector) => connector.stationId === stationId);
      },
      ofSite: async () => live,
      ofTag: async () => live,
    },
  };
  const list = (given: Readonly<Record<string, unknown>>, caller = operator) => querySessions(ports)(given, caller);
  /** The session of a connector ends. */
  const end = async (sessionId: string): Promise<void> => {
    const startedAt = live.find(({ session }) => session?.sessionId === sessionId)?.session?.startedAt;
    live = live.filter(({ session }) => session?.sessionId !== sessionId);
    if (startedAt !== undefined) await sessions.store.put(record(sessionId, startedAt));
  };
  return { asked, list, end, find: querySession(ports) };
};

type Shown = { readonly id: string; readonly status: string };
type Listed = { readonly items: readonly Shown[]; readonly nextToken: string | null };

/** All pages of a list. */
const everyPage = async (list: (args: Record<string, unknown>) => Promise<unknown>, args: Record<string, unknown>) => {
  const pages: Shown[][] = [];
  let nextToken: string | null = null;
  do {
    const page = (await list({ ...args, nextToken })) as Listed;
    pages.push([...page.items]);
    nextToken = page.nextToken;
  } while (nextToken !== null && pages.length < 100);
  return pages;
};

describe('the sessions of a station, site or tag', () => {
  it('are those that run among those that have ended, each once and in the order of their start, on pages of any size', async () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        minutes,
        minutes,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (ended, live, limit, newestFirst) => {
          const starts = new Map<string, number>([
            ...ended.map((minute, index) => [`ended-${index}`, T0 + minute * 60_000] as const),
            ...live.map((minute, index) => [`live-${index}`, T0 + minute * 60_000] as const),
          ]);
          const startOf = (id: string): number => starts.get(id) ?? Number.NaN;
          const { list } = await setting(
            ended.map((_, index) => record(`ended-${index}`, startOf(`ended-${index}`))),
            live.map((_, index) => running(`live-${index}`, startOf(`live-${index}`))),
          );
          const pages = await everyPage(list, { filter: { siteId: 'site-1' }, ...range, limit, newestFirst });
          const ids = pages.flat().map(({ id }) => id);
          expect(ids.toSorted()).toEqual([...starts.keys()].sort());
          const order = ids.map(startOf);
          expect(order).toEqual(order.toSorted((a, b) => (newestFirst ? b - a : a - b)));
          expect(pages.every((page) => page.length <= limit)).toBe(true);
        },
      ),
    );
  });

  it('are each there once although some end while the pages are turned', async () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(
        minutes,
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (starts, chance, limit, newestFirst) => {
          const isTrue = (): boolean => chance.next().value;
          const sessions = starts.map((minute) => ({ id: `s${minute}`, at: T0 + minute * 60_000, isLive: isTrue() }));
          const { list, end } = await setting(
            sessions.filter(({ isLive }) => !isLive).map(({ id, at }) => record(id, at)),
            sessions.filter(({ isLive }) => isLive).map(({ id, at }) => running(id, at)),
          );
          const pages = await everyPage(
            async (args) => {
              const page = await list(args);
              for (const { id } of sessions) if (isTrue()) await end(id);
              return page;
            },
            { filter: { siteId: 'site-1' }, ...range, limit, newestFirst },
          );
          const ids = pages.flat().map(({ id }) => id);
          expect(ids).toEqual(
            sessions.toSorted((a, b) => (newestFirst ? b.at - a.at : a.at - b.at)).map(({ id }) => id),
          );
        },
      ),
    );
  });

  it('show a running one as it is, and what only its end tells not at all', async () => {
    const { list } = await setting([], [running('live', T0)]);
    const { items } = (await list({ filter: { tag: 'T' }, ...range })) as Listed;
    expect(items).toEqual([
      expect.objectContaining({ id: 'live', status: 'active', socPercent: 40, powerW: 40_000, siteId: 'site-1' }),
    ]);
    expect(items[0]).not.toHaveProperty('endedAt');
  });

  it('are not found by their tag for those who may not see tags', async () => {
    const { list, asked } = await setting([record('ended', T0)], []);
    await expect(list({ filter: { tag: 'T' }, ...range }, viewer)).rejects.toThrow(NotPermitted);
    expect(asked).toEqual([]);
  });

  it('tell a session once while both tables hold it', async () => {
    const { list } = await setting([record('both', T0)], [running('both', T0)]);
    expect(await list({ filter: { stationId: 'CS-1' }, ...range })).toMatchObject({
      items: [{ id: 'both', status: 'ended' }],
    });
  });

  it('leave out what runs with a tag that is only alike, and what started outside the range', async () => {
    const { list } = await setting([], [running('a', T0, 't'), running('b', T0 - 86_400_000)]);
    expect(await list({ filter: { tag: 'T' }, ...range })).toEqual({ items: [], nextToken: null });
  });
});

describe('a page token of sessions', () => {
  it('is refused where it names what no session is called', async () => {
    const { list } = await setting([], []);
    const nextToken = pageToken({ ended: { sessionId: 'a'.repeat(2_049), startedAt: T0 } });
    await expect(list({ filter: { stationId: 'CS-1' }, ...range, nextToken })).rejects.toThrow('Invalid page token');
  });
});

describe('the sessions of the whole network', () => {
  it('are those that have ended', async () => {
    const { list } = await setting([record('a', T0), record('b', T0 + 1, { siteId: 'other' })], [running('live', T0)]);
    const pages = await everyPage(list, { ...range, limit: 1 });
    expect(pages.flat().map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('one session', () => {
  it('is found while it runs and after it has ended', async () => {
    const { find } = await setting([record('CS-1.7.abc', T0)], [running('CS-1.8.abd', T0)]);
    expect([await find({ sessionId: 'CS-1.7.abc' }), await find({ sessionId: 'CS-1.8.abd' })]).toMatchObject([
      { id: 'CS-1.7.abc', status: 'ended' },
      { id: 'CS-1.8.abd', status: 'active', stationId: 'CS-1' },
    ]);
  });

  it('is found while it runs where station and transaction ids hold dots, under ids of earlier versions as well', async () => {
    const ids = ['CS.1/7.8.abd', 'CS.1.7.8.abe', 'CS.1.a/b.abf'];
    const live = ids.map((id) => ({ ...running(id, T0), stationId: 'CS.1' }));
    const { find } = await setting([], live);
    const found = await Promise.all(ids.map((sessionId) => find({ sessionId })));
    expect(found.map((one) => one?.id)).toEqual(ids);
  });

  it('is looked for at few stations, however many an id might name', async () => {
    const { find, asked } = await setting([], []);
    expect(await find({ sessionId: `a${'.b'.repeat(40)}` })).toBeNull();
    expect(asked.length).toBe(5);
    expect([await find({ sessionId: '' }), await find({ sessionId: 'nobody' })]).toEqual([null, null]);
  });
});
