import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Connector } from '../../domain/connector/connector.ts';
import type { EndedSession } from '../../domain/kernel/ended-session.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import type { TariffBook } from '../../domain/tariff/assigned-tariff.ts';
import { type DirtyMark, distinctMarks } from '../../domain/windows/dirty-mark.ts';
import { recordHistory } from '../../use-cases/record-history/record-history.ts';
import { place as anywhere } from '../fakes/place.ts';
import { sessionsInMemory } from '../fakes/session-store.ts';
import { timelineInMemory } from '../fakes/timeline.ts';
import { windowStoreInMemory } from '../support/window-store-in-memory.ts';

const MINUTE = 60_000;
const T0 = Date.parse('2026-11-01T10:00:00Z');
const place = { ...anywhere, model: 'M1' };
const connector = (rev: number, outbox: readonly StateChange[], more: Partial<Connector> = {}): Connector => ({
  stationId: 'S',
  evseId: 1,
  connectorId: 1,
  place,
  status: 'charging',
  statusAt: T0,
  recent: [],
  lastSeenAt: T0,
  guard: 'g',
  rev,
  outbox,
  ...more,
});
const caused = (id: string, at: number) => ({ id, at, receivedAt: at, evseId: 1, connectorId: 1 });
const session = (more: Partial<EndedSession> = {}): EndedSession => ({
  sessionId: 'S.1.a',
  stationId: 'S',
  evseId: 1,
  connectorId: 1,
  transactionId: '1',
  tag: 'TAG',
  startedAt: T0 + 30 * MINUTE,
  endedAt: T0 + 90 * MINUTE,
  energyWh: 12_000,
  reason: 'local',
  curve: [
    [0, 0],
    [1800, 9000],
    [3600, 12_000],
  ],
  flags: [],
  rev: 7,
  ...more,
});

const halfAPoundPerKwh: TariffBook = {
  tariffs: [{ tariffId: 'T', currency: 'GBP', elements: [{ components: [{ kind: 'energy', price: '0.50' }] }] }],
  assignments: [{ tariffId: 'T' }],
};

const setting = (
  book = halfAPoundPerKwh,
  now = T0 + 24 * 60 * MINUTE,
  /** Called before each write of a store; may throw, as an outage would. */
  beforeWrite: () => void = () => undefined,
) => {
  const windows = windowStoreInMemory();
  const { store, records: sessions } = sessionsInMemory();
  const { store: timeline, entries, marks } = timelineInMemory();
  const dirty: DirtyMark[] = [];
  const warnings: string[] = [];
  const failing =
    <Given extends readonly unknown[], Answer>(write: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      beforeWrite();
      return write(...given);
    };
  const record = recordHistory({
    windows: { ...windows.store, put: failing(windows.store.put) },
    sessions: { ...store, put: failing(store.put), withdraw: failing(store.withdraw) },
    timeline: { ...timeline, put: failing(timeline.put) },
    dirty: { mark: failing(async (some: readonly DirtyMark[]) => void dirty.push(...some)) },
    tariffs: async () => book,
    warn: (kind) => void warnings.push(kind),
    now: () => now,
  });
  return { record, windows, sessions, entries, marks, dirty, warnings };
};

const closed = (id: string, minute: number, energyWh: number, sessionId = 'S.1.a'): StateChange => ({
  type: 'MinuteClosed',
  ...caused(id, T0 + minute * MINUTE),
  minute: {
    startAt: T0 + minute * MINUTE,
    energyWh,
    samples: 1,
    sessionId,
    registerAt: T0 + minute * MINUTE + 30_000,
    registerWh: minute * 100,
  },
});

describe('recording history', () => {
  it('keeps an ended session with its place, hours on both clocks, duration and cost', async () => {
    const { record, sessions } = setting();
    await record([
      { connector: connector(7, [{ type: 'SessionEnded', ...caused('e', T0 + 90 * MINUTE), session: session() }]) },
    ]);
    expect([...sessions.values()]).toEqual([
      {
        ...session(),
        siteId: 'site',
        zoneId: 'zone',
        region: 'north',
        timeZone: 'Europe/London',
        connectorType: 'CCS',
        ratedW: 50_000,
        durationMs: 3_600_000,
        hours: [
          { startAt: T0, energyWh: 9000 },
          { startAt: T0 + 60 * MINUTE, energyWh: 3000 },
        ],
        hoursUtc: [
          { startAt: T0, energyWh: 9000 },
          { startAt: T0 + 60 * MINUTE, energyWh: 3000 },
        ],
        cost: {
          tariffId: 'T',
          currency: 'GBP',
          totalMinor: 600,
          totalWithVatMinor: 600,
          lines: [{ kind: 'energy', price: '0.50', quantity: 12, amount: '6.000000' }],
          hours: [
            { startAt: T0, minor: 450 },
            { startAt: T0 + 60 * MINUTE, minor: 150 },
          ],
        },
      },
    ]);
  });

  it('amends a session only by a higher rev, and takes back minutes it no longer reaches', async () => {
    const { record, sessions, windows } = setting();
    const ended = {
      connector: connector(7, [
        closed('a', 89, 50),
        closed('b', 90, 40),
        { type: 'SessionEnded', ...caused('e', 0), session: session() },
      ]),
    };
    const shorter = session({ endedAt: T0 + 89.5 * MINUTE, reason: 'evDisconnected' });
    const amended = { connector: connector(9, [{ type: 'SessionAmended', ...caused('f', 0), session: shorter }]) };
    await record([ended]);
    await record([amended]);
    await record([ended]);
    expect([...sessions.values()].map(({ reason, rev }) => [reason, rev])).toEqual([['evDisconnected', 9]]);
    const rows = await windows.store.read('connector_1m', ['S#1#1'], T0, T0 + 200 * MINUTE);
    expect(rows.map(({ startAt, version, measures }) => [(startAt - T0) / MINUTE, version, measures.energyWh])).toEqual(
      [
        [89, 7, 50],
        [90, 9, 0],
      ],
    );
  });

  it('takes no minute of another session back with those an amended one no longer reaches', async () => {
    const { record, windows } = setting();
    const inferred = session({ endedAt: T0 + 120 * MINUTE });
    await record([{ connector: connector(7, [{ type: 'SessionEnded', ...caused('e', 0), session: inferred }]) }]);
    await record([{ connector: connector(8, [closed('a', 100, 50), closed('b', 101, 40, 'S.2.b')]) }]);
    const amended = { type: 'SessionAmended', ...caused('f', 0), session: session({ rev: 9 }) } as const;
    await record([{ connector: connector(9, [amended]) }]);
    expect(
      [...windows.rows.values()].map(({ startAt, labels, measures }) => [
        (startAt - T0) / MINUTE,
        labels.sessionId,
        measures.energyWh,
      ]),
    ).toEqual([
      [100, 'S.1.a', 0],
      [101, 'S.2.b', 40],
    ]);
  });

  it('writes one row per connector-minute, spread ones included, and the same on a replay in other batches', async () => {
    const batch = [
      { connector: connector(1, [closed('a', 0, 100)]) },
      {
        connector: connector(2, [
          closed('b', 1, 50),
          {
            type: 'MinutesSpread' as const,
            ...caused('c', T0),
            sessionId: 'S.1.a',
            fromAt: T0 + 2 * MINUTE,
            toAt: T0 + 4 * MINUTE,
            fromWh: 150,
            toWh: 350,
          },
        ]),
      },
    ];
    const once = setting();
    await once.record(batch);
    const again = setting();
    for (const item of [...batch, ...batch]) await again.record([item]);
    await again.record(batch);
    expect([...once.windows.rows.values()].map(({ startAt, measures }) => [startAt - T0, measures.energyWh])).toEqual([
      [0, 100],
      [MINUTE, 50],
      [2 * MINUTE, 100],
      [3 * MINUTE, 100],
    ]);
    expect([...again.windows.rows]).toEqual([...once.windows.rows]);
    expect([...again.entries]).toEqual([...once.entries]);
    expect(distinctMarks(again.dirty)).toEqual(distinctMarks(once.dirty));
  });

  it('gives two sessions that share a minute a row each', async () => {
    const { record, windows } = setting();
    const second = { sessionId: 'S.2.b', startedAt: T0 + 5 * MINUTE + 40_000 };
    const first = {
      sessionId: 'S.1.a',
      transactionId: '1',
      startedAt: T0,
      endedAt: T0 + 5 * MINUTE + 20_000,
      phase: 'settled',
    } as const;
    await record([
      {
        connector: connector(3, [closed('a', 5, 30, 'S.1.a'), closed('b', 5, 70, 'S.2.b')], {
          recent: [{ ...second, transactionId: '2', endedAt: T0 + 9 * MINUTE, phase: 'settled' }, first],
        }),
      },
    ]);
    expect([...windows.rows.values()].map(({ startAt, measures }) => [startAt - T0, measures.energyWh])).toEqual([
      [5 * MINUTE, 30],
      [5 * MINUTE + 40_000, 70],
    ]);
  });

  it('keeps the minutes of a session that by its stamps had not ended when the next one was charging', async () => {
    const { record, windows } = setting();
    const recent = [
      { sessionId: 'S.2.b', startedAt: T0 + 3 * MINUTE, endedAt: T0 + 9 * MINUTE },
      { sessionId: 'S.1.a', startedAt: T0, endedAt: T0 + 6 * MINUTE },
    ].map((span) => ({ ...span, transactionId: span.sessionId, phase: 'settled' as const }));
    await record([{ connector: connector(3, [closed('a', 5, 30, 'S.1.a')], { recent }) }]);
    await record([{ connector: connector(4, [closed('b', 5, 70, 'S.2.b'), closed('c', 6, 71, 'S.2.b')], { recent }) }]);
    const energies = [...windows.rows.values()].map(({ startAt, labels, measures }) => [
      Math.floor((startAt - T0) / MINUTE),
      labels.sessionId,
      measures.energyWh,
    ]);
    expect(energies).toEqual([
      [5, 'S.1.a', 30],
      [5, 'S.2.b', 70],
      [6, 'S.2.b', 71],
    ]);
  });

  it('keeps the minutes of sessions that overlap by their stamps, however often either is told', async () => {
    const stretch = fc.record({
      fromMinute: fc.integer({ min: 0, max: 30 }),
      minutes: fc.integer({ min: 1, max: 30 }),
    });
    const told = (id: string, rev: number, { fromMinute, minutes }: { fromMinute: number; minutes: number }) => {
      const startedAt = T0 + fromMinute * MINUTE;
      const toAt = startedAt + minutes * MINUTE;
      const curve = [
        [0, 0],
        [minutes * 60, 100 * minutes],
      ] as const;
      const energyWh = 100 * minutes;
      return (more: Partial<StateChange>) => ({
        connector: connector(rev, [
          {
            ...caused(`${id}.${rev}`, toAt),
            sessionId: id,
            ...more,
            ...(more.type === 'MinutesSpread'
              ? { fromAt: startedAt, toAt, fromWh: 0, toWh: energyWh }
              : { type: 'MinutesCorrected', startedAt, fromAt: startedAt, toAt, curve }),
          } as StateChange,
        ]),
      });
    };
    await fc.assert(
      fc.asyncProperty(stretch, stretch, fc.boolean(), fc.boolean(), async (one, other, isSpread, isAgain) => {
        const { record, windows } = setting();
        const first = told('S.1.a', 1, one)({ type: isSpread ? 'MinutesSpread' : 'MinutesCorrected' });
        const second = told('S.2.b', 2, other)({ type: 'MinutesCorrected' });
        await record([first]);
        await record([second]);
        if (isAgain) await record([first, second]);
        await record([told('S.1.a', 3, one)({ type: 'MinutesCorrected' })]);
        const energyWh = (id: string): number =>
          [...windows.rows.values()].reduce(
            (sum, { labels, measures }) => sum + (labels.sessionId === id ? (measures.energyWh ?? 0) : 0),
            0,
          );
        expect(energyWh('S.1.a')).toBeCloseTo(100 * one.minutes, 2);
        expect(energyWh('S.2.b')).toBeCloseTo(100 * other.minutes, 2);
      }),
    );
  });

  it('recomputes minutes around a late reading, once, however often it is delivered', async () => {
    const { record, windows } = setting();
    await record([
      {
        connector: connector(1, [
          {
            type: 'MinutesSpread',
            ...caused('a', T0),
            sessionId: 'S.1.a',
            fromAt: T0,
            toAt: T0 + 10 * MINUTE,
            fromWh: 0,
            toWh: 1000,
          },
        ]),
      },
    ]);
    const late = {
      connector: connector(2, [
        {
          type: 'MinutesCorrected',
          ...caused('b', T0 + 5 * MINUTE),
          sessionId: 'S.1.a',
          startedAt: T0,
          fromAt: T0,
          toAt: T0 + 10 * MINUTE,
          curve: [
            [0, 0],
            [300, 900],
            [600, 1000],
          ],
        } as const,
      ]),
    };
    await record([late]);
    await record([late, late]);
    expect([...windows.rows.values()].map(({ measures }) => Math.round(measures.energyWh ?? 0))).toEqual([
      180, 180, 180, 180, 180, 20, 20, 20, 20, 20,
    ]);
  });

  it('loses no window over an outage of the store: the batch comes again', async () => {
    const { record, windows, dirty } = setting();
    const batch = [{ connector: connector(1, [closed('a', 0, 100)]) }];
    windows.fail(2);
    await expect(record(batch)).rejects.toThrow('out of reach');
    await expect(record(batch)).rejects.toThrow('out of reach');
    expect(dirty).toEqual([]);
    await record(batch);
    expect([...windows.rows.values()].map(({ measures }) => measures.energyWh)).toEqual([100]);
    expect(new Set(dirty.map(({ kind, key, startAt }) => `${kind} ${key} ${startAt}`))).toEqual(
      new Set([`load site ${T0}`, `load zone_load_1m#${place.zoneId} ${T0}`]),
    );
  });

  const spread: StateChange = {
    type: 'MinutesSpread',
    ...caused('a', T0),
    sessionId: 'S.1.a',
    fromAt: T0 + 30 * MINUTE,
    toAt: T0 + 300 * MINUTE,
    fromWh: 0,
    toWh: 12_000,
  };
  const corrected: StateChange = {
    type: 'MinutesCorrected',
    ...caused('b', T0 + 300 * MINUTE),
    sessionId: 'S.1.a',
    startedAt: T0 + 30 * MINUTE,
    fromAt: T0 + 30 * MINUTE,
    toAt: T0 + 300 * MINUTE,
    curve: [
      [0, 0],
      [9_000, 2_000],
      [16_200, 12_000],
    ],
  };
  const long = session({ endedAt: T0 + 300 * MINUTE, flags: ['lateArrival'] });
  it.each([
    {
      what: 'a session whose minutes are all told anew at its end',
      before: [spread],
      change: [corrected, { type: 'SessionEnded', ...caused('e', long.endedAt), session: long }],
    },
    {
      what: 'a session that is shortened days later',
      before: [spread, { type: 'SessionEnded', ...caused('e', long.endedAt), session: long }],
      change: [
        { type: 'SessionAmended', ...caused('f', 0), session: { ...long, endedAt: T0 + 90 * MINUTE, energyWh: 3_000 } },
      ],
    },
  ] as const)(
    'marks as much of $what when the batch comes again, whichever write failed',
    async ({ before, change }) => {
      const marksAfter = async (failingWrite: number): Promise<{ marks: ReadonlySet<string>; failed: boolean }> => {
        let left = Number.POSITIVE_INFINITY;
        const { record, dirty } = setting(halfAPoundPerKwh, T0 + 5 * 24 * 60 * MINUTE, () => {
          left -= 1;
          if (left === 0) throw new Error('out of reach');
        });
        await record([{ connector: connector(7, before) }]);
        dirty.splice(0);
        const batch = [{ connector: connector(9, change) }];
        left = failingWrite;
        const failed = await record(batch).then(
          () => false,
          () => true,
        );
        if (failed) await record(batch);
        return { failed, marks: new Set(dirty.map(({ kind, key, startAt }) => `${kind} ${key} ${startAt}`)) };
      };
      const { marks: expected } = await marksAfter(Number.POSITIVE_INFINITY);
      expect(expected.size).toBeGreaterThan(8);
      let failingWrite = 1;
      for (let after = await marksAfter(1); after.failed; after = await marksAfter(failingWrite)) {
        const missing = [...expected].filter((mark) => !after.marks.has(mark));
        expect([failingWrite, missing]).toEqual([failingWrite, []]);
        failingWrite += 1;
      }
      expect(failingWrite).toBeGreaterThan(4);
    },
  );

  it('marks no roll-up for a minute the next sweep sees anyway', async () => {
    const { record, dirty } = setting(halfAPoundPerKwh, T0 + 2.5 * MINUTE);
    await record([{ connector: connector(1, [closed('a', 0, 100)]) }]);
    expect(dirty).toEqual([]);
  });

  it('marks the hours an amended session no longer ends in, however often it is told', async () => {
    const { record, dirty } = setting();
    const [inferred, shorter] = [T0 - 2 * 24 * 60 * MINUTE, T0 - 4 * 24 * 60 * MINUTE];
    const startedAt = shorter - 30 * MINUTE;
    const amendment = {
      type: 'SessionAmended',
      ...caused('e', shorter),
      session: session({ startedAt, endedAt: shorter }),
      before: { startedAt, endedAt: inferred },
    } as const;
    const days = (): readonly number[] =>
      [...new Set(dirty.filter(({ kind }) => kind === 'revenue').map(({ startAt }) => startAt))].sort();
    await record([{ connector: connector(1, [amendment]) }]);
    const once = days();
    expect(once.at(-1)).toBe(Math.floor(inferred / (24 * 60 * MINUTE)) * 24 * 60 * MINUTE);
    dirty.length = 0;
    await record([{ connector: connector(1, [amendment]) }]);
    expect(days()).toEqual(once);
  });

  it('marks hours since the end of a live session, and only the last day after one that was told late', async () => {
    const loadHours = async (more: Partial<EndedSession>): Promise<number> => {
      const years = 8 * 365 * 24 * 60 * MINUTE;
      const { record, dirty } = setting(halfAPoundPerKwh, T0 + years);
      const ended = session(more);
      await record([
        { connector: connector(1, [{ type: 'SessionEnded', ...caused('e', ended.endedAt), session: ended }]) },
      ]);
      return [...dirty.values()].filter(({ kind, key }) => kind === 'load' && key === place.siteId).length;
    };
    expect(await loadHours({})).toBeGreaterThan(800);
    expect(await loadHours({ flags: ['lateArrival'] })).toBeLessThanOrEqual(26);
  });

  it('keeps a line per status change and a mark to compute with; measurements leave no line', async () => {
    const { record, entries, marks, dirty } = setting(halfAPoundPerKwh, T0 + 10 * MINUTE);
    await record([
      {
        connector: connector(4, [
          {
            type: 'ConnectorStatusChanged',
            ...caused('s', T0),
            from: 'available',
            to: 'faulted',
            fromAt: T0 - MINUTE,
            errorCode: 'GroundFailure',
          },
          { type: 'SessionMeasured', ...caused('m', T0), sessionId: 'S.1.a', energyWh: 5 },
        ]),
      },
    ]);
    expect([...entries.values()]).toEqual([
      {
        subject: 'S#1#1',
        id: 's',
        at: T0,
        kind: 'fault',
        title: 'available → faulted',
        detail: {
          receivedAt: T0,
          evseId: 1,
          connectorId: 1,
          from: 'available',
          to: 'faulted',
          fromAt: T0 - MINUTE,
          errorCode: 'GroundFailure',
        },
      },
    ]);
    expect([...marks.values()]).toEqual([{ at: T0, status: 'faulted', connector: 'S#1#1', rev: 4, ordinal: 0 }]);
    expect(dirty).toEqual([
      { kind: 'availability', key: 'region#north', startAt: Date.parse('2026-11-01') },
      { kind: 'availability', key: 'type#north#CCS', startAt: Date.parse('2026-11-01') },
      { kind: 'availability', key: 'model#M1', startAt: Date.parse('2026-11-01') },
    ]);
  });

  it('marks what a late status changes only until the next one, reported days included', async () => {
    const { record, dirty } = setting(halfAPoundPerKwh, T0 + 20 * 24 * 60 * MINUTE);
    const status = (id: string, at: number) => ({
      type: 'ConnectorStatusBackfilled' as const,
      ...caused(id, at),
      status: 'available' as const,
    });
    await record([{ connector: connector(4, [status('b', T0 + 30 * 60 * MINUTE)]) }]);
    dirty.length = 0;
    await record([{ connector: connector(5, [status('a', T0)]) }]);
    expect(
      dirty.filter(({ kind }) => kind === 'uptime').map(({ startAt }) => new Date(startAt).toISOString().slice(0, 10)),
    ).toEqual(['2026-11-01', '2026-11-02']);
  });

  it('keeps a session whose tariff cannot be read, without a price, and says so', async () => {
    const { record, sessions, warnings } = setting({ tariffs: [], assignments: [{ tariffId: 'gone' }] });
    await record([{ connector: connector(7, [{ type: 'SessionEnded', ...caused('e', 0), session: session() }]) }]);
    const kept = sessions.get('S.1.a');
    expect([kept?.energyWh, kept?.cost, warnings]).toEqual([12_000, undefined, ['sessionNotPriced']]);
  });

  it('takes an item that tells of many weeks a few rows at a time', async () => {
    const { record, windows, dirty } = setting();
    const put = vi.spyOn(windows.store, 'put');
    const spread = (index: number): StateChange => ({
      type: 'MinutesSpread',
      ...caused(`s${index}`, T0),
      sessionId: `S.1.${index}`,
      fromAt: Date.parse('2015-01-01'),
      toAt: T0 + index * MINUTE,
      fromWh: 0,
      toWh: 1000,
    });
    await record([{ connector: connector(7, [0, 1, 2].map(spread)) }]);
    expect(Math.max(...put.mock.calls.map(([rows]) => rows.length))).toBeLessThanOrEqual(2000);
    const mostMinutes = (35 * 24 + 1) * 60;
    expect(windows.rows.size).toBeGreaterThan(35 * 24 * 60);
    expect(windows.rows.size).toBeLessThanOrEqual(mostMinutes + 2);
    // An hour of the site, and of its zone.
    expect(dirty.length).toBeLessThanOrEqual(2 * (35 * 24 + 2));
  });
});
