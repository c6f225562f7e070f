import { describe, expect, it } from 'vitest';
import type { Connector } from '../../domain/connector/connector.ts';
import type { EndedSession } from '../../domain/kernel/ended-session.ts';
import type { StateChange } from '../../domain/kernel/state-change.ts';
import { recordHistory } from '../../use-cases/record-history/record-history.ts';
import { place } from '../fakes/place.ts';
import { sessionsInMemory } from '../fakes/session-store.ts';
import { windowStoreInMemory } from '../support/window-store-in-memory.ts';

const T0 = Date.parse('2026-11-01T10:00:00Z');
const MINUTE = 60_000;
const now = T0 + 30 * 86_400_000;
const whole: EndedSession = {
  sessionId: 'S.1.a',
  stationId: 'S',
  evseId: 1,
  connectorId: 1,
  transactionId: '1',
  startedAt: T0,
  endedAt: T0 + 60 * MINUTE,
  energyWh: 12_000,
  meterStartWh: 1000,
  meterStopWh: 13_000,
  reason: 'local',
  curve: [
    [0, 0],
    [1800, 9000],
    [3600, 12_000],
  ],
  flags: ['lateArrival'],
  rev: 7,
};
const spread = (sessionId: string, fromMin: number, toMin: number, toWh: number): StateChange => ({
  type: 'MinutesSpread',
  id: `m${fromMin}`,
  at: T0 + toMin * MINUTE,
  receivedAt: now,
  evseId: 1,
  connectorId: 1,
  sessionId,
  fromAt: T0 + fromMin * MINUTE,
  toAt: T0 + toMin * MINUTE,
  fromWh: 0,
  toWh,
});
const told = (type: 'SessionEnded' | 'SessionAmended', session: EndedSession): StateChange => ({
  type,
  id: `e${session.rev}`,
  at: session.endedAt,
  receivedAt: now,
  evseId: 1,
  connectorId: 1,
  session,
});
const write = (rev: number, outbox: readonly StateChange[]): { readonly connector: Connector } => ({
  connector: {
    stationId: 'S',
    evseId: 1,
    connectorId: 1,
    place,
    status: 'available',
    statusAt: T0,
    recent: [],
    lastSeenAt: T0,
    guard: 'g',
    rev,
    outbox,
  },
});
const setting = () => {
  const windows = windowStoreInMemory();
  const { store, records } = sessionsInMemory();
  const titles: string[] = [];
  const record = recordHistory({
    windows: windows.store,
    sessions: store,
    timeline: {
      put: async (entries) => void titles.push(...entries.map(({ title }) => title)),
      nextMarkAt: async () => undefined,
    },
    dirty: { mark: async () => undefined },
    tariffs: async () => ({ tariffs: [], assignments: [] }),
    warn: (kind) => {
      throw new Error(kind);
    },
    now: () => now,
  });
  const state = () => ({
    sessions: [...records.values()].map(({ sessionId, endedAt, energyWh, flags, rev }) => ({
      sessionId,
      endedAt,
      energyWh,
      flags,
      rev,
    })),
    windowWh: [...windows.rows.values()].reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0),
    titles,
  });
  return { record, state };
};
const first = write(7, [spread('S.1.a', 0, 60, 12_000), told('SessionEnded', whole)]);
const once = {
  sessions: [{ sessionId: 'S.1.a', endedAt: whole.endedAt, energyWh: 12_000, flags: ['lateArrival'], rev: 7 }],
  windowWh: 12_000,
  titles: ['session ended'],
};

describe('messages repeated after the connector has forgotten their session', () => {
  const cutShort: EndedSession = {
    ...whole,
    endedAt: T0 + 30 * MINUTE,
    energyWh: 9000,
    reason: 'inferred',
    curve: whole.curve.slice(0, 2),
    flags: ['lateArrival', 'inferredStop'],
    rev: 20,
  };
  const stopOnly: EndedSession = {
    ...whole,
    sessionId: 'S.1.z',
    startedAt: whole.endedAt,
    energyWh: 0,
    curve: [[0, 0]],
    flags: ['orphan', 'lateArrival'],
    rev: 20,
  };
  const withoutReadings: EndedSession = { ...whole, curve: [whole.curve[0] ?? [0, 0], [3600, 12_000]], rev: 20 };
  const withoutStart: EndedSession = {
    ...whole,
    sessionId: 'S.1.m',
    startedAt: T0 + 30 * MINUTE,
    energyWh: 3000,
    curve: [
      [0, 0],
      [1800, 3000],
    ],
    rev: 20,
  };

  it.each([
    ['an inferred end', told('SessionEnded', cutShort), cutShort],
    ['the same, amended', told('SessionAmended', cutShort), cutShort],
    ['a stop alone', told('SessionEnded', stopOnly), stopOnly],
    ['start and stop without the readings', told('SessionEnded', withoutReadings), withoutReadings],
    ['the rest without its start', told('SessionEnded', withoutStart), withoutStart],
    ['all of it', told('SessionEnded', { ...whole, rev: 20 }), whole],
  ])('change nothing: %s', async (_, change, { sessionId }) => {
    const { record, state } = setting();
    await record([first]);
    await record([write(20, [spread(sessionId, 0, 60, 3000), change])]);
    expect(state()).toEqual(once);
  });

  it('change nothing within one batch either', async () => {
    const { record, state } = setting();
    await record([first, write(20, [spread('S.1.a', 0, 60, 1), told('SessionEnded', cutShort)])]);
    expect(state()).toEqual(once);
  });

  it('complete a session whose end was inferred', async () => {
    const { record, state } = setting();
    await record([write(5, [spread('S.1.a', 0, 30, 9000), told('SessionEnded', { ...cutShort, rev: 5 })])]);
    await record([write(20, [spread('S.1.a', 0, 60, 12_000), told('SessionEnded', { ...whole, rev: 20 })])]);
    expect(state().sessions).toEqual([{ ...once.sessions[0], rev: 20 }]);
    expect(state().windowWh).toBeCloseTo(12_000, 6);
  });

  it('leave one record of a session that was first known without its start', async () => {
    const { record, state } = setting();
    await record([write(5, [told('SessionEnded', { ...stopOnly, rev: 5 })])]);
    await record([write(20, [told('SessionEnded', { ...whole, rev: 20 })])]);
    expect(state().sessions).toEqual([{ ...once.sessions[0], sessionId: 'S.1.z', rev: 20 }]);
  });
});

describe('a session that was first known under another id', () => {
  it('has its minutes, too, under the id it has on record', async () => {
    const windows = windowStoreInMemory();
    const { store } = sessionsInMemory();
    const record = recordHistory({
      windows: windows.store,
      sessions: store,
      timeline: { put: async () => undefined, nextMarkAt: async () => undefined },
      dirty: { mark: async () => undefined },
      tariffs: async () => ({ tariffs: [], assignments: [] }),
      warn: () => undefined,
      now: () => now,
    });
    const stop: EndedSession = { ...whole, sessionId: 'S.1.z', startedAt: whole.endedAt, energyWh: 0, curve: [[0, 0]] };
    await record([write(5, [told('SessionEnded', { ...stop, flags: ['orphan'], rev: 5 })])]);
    await record([
      write(20, [
        spread('S.1.a', 0, 30, 9000),
        { ...spread('S.1.a', 30, 60, 0), id: 'x', type: 'MinutesSpread', fromWh: 9000, toWh: 12_000 } as StateChange,
        told('SessionEnded', { ...whole, rev: 20 }),
      ]),
    ]);
    const rows = [...windows.rows.values()];
    expect(new Set(rows.map(({ labels }) => labels.sessionId))).toEqual(new Set(['S.1.z']));
    expect(rows.reduce((sum, { measures }) => sum + (measures.energyWh ?? 0), 0)).toBeCloseTo(12_000, 6);
  });
});

describe('sessions that are no repeats', () => {
  it('have no gap on record once nothing is missing any more', async () => {
    const { record, state } = setting();
    await record([write(5, [told('SessionEnded', { ...whole, flags: ['seqGap'], rev: 5 })])]);
    await record([write(6, [told('SessionAmended', { ...whole, flags: [], rev: 6 })])]);
    expect(state().sessions).toEqual([{ ...once.sessions[0], flags: [], rev: 6 }]);
  });

  it('are all kept where a station uses the id of a transaction again', async () => {
    const { record, state } = setting();
    const next: EndedSession = {
      ...whole,
      sessionId: 'S.1.next',
      startedAt: whole.endedAt,
      endedAt: whole.endedAt + 60 * MINUTE,
      rev: 20,
    };
    await record([first, write(20, [told('SessionEnded', next)])]);
    expect(state().sessions.map(({ sessionId }) => sessionId)).toEqual(['S.1.a', 'S.1.next']);
  });

  it('are written in full by a batch that is delivered again, however often', async () => {
    const { record, state } = setting();
    await record([first]);
    await record([first]);
    expect(state()).toEqual({ ...once, titles: ['session ended', 'session ended'] });
  });

  it('are recorded of a station that cannot say on which connector they were', async () => {
    const { record, state } = setting();
    const orphan: EndedSession = {
      ...whole,
      evseId: 0,
      connectorId: 0,
      startedAt: whole.endedAt,
      energyWh: 0,
      curve: [[0, 0]],
      flags: ['orphan'],
    };
    await record([
      {
        station: {
          state: {
            stationId: 'S',
            presence: { kind: 'online', since: 1 },
            guard: 'g',
            rev: 9,
            outbox: [told('SessionEnded', orphan)],
          },
        },
      },
    ]);
    expect(state().sessions).toEqual([
      { sessionId: 'S.1.a', endedAt: whole.endedAt, energyWh: 0, flags: ['orphan'], rev: 9 },
    ]);
  });
});
