import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../domain/connector/connector.ts';
import { fleetOf } from '../../../domain/fleet/fleet.ts';
import type { Registration } from '../../../domain/registry/registration.ts';
import type { ActiveSession } from '../../../domain/session/active-session.ts';
import type { SessionRecord } from '../../../domain/tariff/session-record.ts';
import { dirtyLoad, dirtyRevenue, dirtyStatus } from '../../../domain/windows/dirty.ts';
import { availabilityMembers, rollUpAvailability } from '../../../domain/windows/roll-up-availability.ts';
import { loadConcern, rollUpLoad } from '../../../domain/windows/roll-up-load.ts';
import { rollUpRevenue } from '../../../domain/windows/roll-up-revenue.ts';
import type { Window } from '../../../domain/windows/window.ts';

const MINUTE = 60_000;
const T0 = Date.parse('2026-11-01T10:00:00Z');
const place = {
  siteId: 'A',
  zoneId: 'Z',
  region: 'north',
  timeZone: 'Europe/London',
  connectorType: 'CCS',
  ratedW: 50_000,
};
const station = (stationId: string, more: Partial<Registration> = {}): Registration => ({
  stationId,
  siteId: 'A',
  zoneId: 'Z',
  region: 'north',
  timeZone: 'Europe/London',
  connectors: [1, 2].map((id) => ({ evseId: id, connectorId: id, connectorType: 'CCS', ratedW: 50_000 })),
  admission: 'accepted',
  credential: '',
  ...more,
});
const active = (more: Partial<ActiveSession> = {}): ActiveSession => ({
  sessionId: 's',
  transactionId: '1',
  startedAt: T0,
  energyWh: 1000,
  powerW: 30_000,
  sampledAt: T0 + 2 * MINUTE,
  curve: [
    [0, 0],
    [120, 1000],
  ],
  flags: [],
  ...more,
});
const live = (stationId: string, id: number, more: Partial<Connector> = {}): Connector => ({
  stationId,
  evseId: id,
  connectorId: id,
  place,
  status: 'charging',
  statusAt: T0,
  recent: [],
  lastSeenAt: T0,
  guard: '',
  rev: 1,
  outbox: [],
  ...more,
});
const row = (key: string, startAt: number, energyWh: number): Window => ({
  series: 'connector_1m',
  key,
  startAt,
  version: 1,
  measures: { energyWh, meanW: energyWh * 60, samples: 6, maxW: energyWh * 90 },
  labels: { sessionId: 's' },
});
const figures = (windows: readonly Window[], series: string) =>
  windows
    .filter((window) => window.series === series)
    .map(({ key, startAt, measures }) => [key, (startAt - T0) / MINUTE, measures.loadW, measures.carriedConnectors]);

describe('rolling up load', () => {
  const registry = [
    station('S1'),
    station('S2', { siteId: 'B', contractMaxW: 40_000 }),
    station('S3', { zoneId: 'Y' }),
  ];

  it('adds connectors to stations, sites and zones, with the capacity of every registered station', () => {
    const rows = [row('S1#1#1', T0, 100), row('S1#2#2', T0 + 20_000, 200), row('S2#1#1', T0, 300)];
    const windows = rollUpLoad(fleetOf(registry, []), rows, T0, T0 + 2 * MINUTE, 9);
    expect(
      windows.map(({ series, key, startAt, version, measures }) => [
        series,
        key,
        startAt - T0,
        version,
        measures.loadW,
        measures.capacityW,
        measures.connectors,
      ]),
    ).toEqual([
      ['station_load_1m', 'S1', 0, 9, 18_000, 100_000, 2],
      ['site_load_1m', 'A', 0, 9, 18_000, 200_000, 4],
      ['zone_load_1m', 'Z', 0, 9, 36_000, 140_000, 4],
      ['station_load_1m', 'S2', 0, 9, 18_000, 40_000, 2],
      ['site_load_1m', 'B', 0, 9, 18_000, 40_000, 2],
    ]);
  });

  it('carries the last power of a quiet session forward, and nothing of one that is suspended, not yet begun or over', () => {
    const fleet = fleetOf(registry, [
      live('S1', 1, { session: active() }),
      live('S1', 2, { session: active(), status: 'suspendedEV' }),
      live('S2', 1, { session: active({ startedAt: T0 + 10 * MINUTE }) }),
      live('S2', 2),
    ]);
    const windows = rollUpLoad(fleet, [row('S1#1#1', T0 + 2 * MINUTE, 100)], T0 + 2 * MINUTE, T0 + 5 * MINUTE, 1);
    expect(figures(windows, 'site_load_1m')).toEqual([
      ['A', 2, 6000, 1],
      ['A', 3, 30_000, 2],
      ['A', 4, 30_000, 2],
    ]);
  });

  it('knows which places a change at a site touches, and every station that counts there', () => {
    const { places, stations } = loadConcern(fleetOf(registry, []), new Set(['B']));
    expect([...places]).toEqual(['station_load_1m#S2', 'site_load_1m#B', 'zone_load_1m#Z']);
    expect(stations.map(({ registration }) => registration.stationId)).toEqual(['S1', 'S2']);
    const windows = rollUpLoad(stations, [row('S1#1#1', T0, 100), row('S2#1#1', T0, 300)], T0, T0 + MINUTE, 1, places);
    expect(figures(windows, 'zone_load_1m')).toEqual([['Z', 0, 24_000, 0]]);
    expect(figures(windows, 'site_load_1m')).toEqual([['B', 0, 18_000, 0]]);
  });
});

describe('rolling up availability', () => {
  it('groups every registered connector by region and type, by model and by firmware', () => {
    const fleet = fleetOf([station('S1', { model: 'M', firmware: '1.2' }), station('S2', { region: 'south' })], []);
    const members = availabilityMembers(fleet.flatMap(({ connectors }) => connectors));
    expect([...members].map(([key, connectors]) => [key, connectors.length])).toEqual([
      ['type#north#CCS', 2],
      ['model#M', 2],
      ['firmware#M#1.2', 2],
      ['type#south#CCS', 2],
    ]);
  });

  it('gives a window per five minutes, silent connectors included', () => {
    const marks = [[{ at: T0 + 6 * MINUTE, status: 'charging' as const }], []];
    expect(
      rollUpAvailability('type#north#CCS', marks, T0, T0 + 10 * MINUTE, 3).map(({ startAt, measures }) => [
        startAt - T0,
        measures.connectors,
        measures.availablePercent,
      ]),
    ).toEqual([
      [0, 2, 0],
      [5 * MINUTE, 2, 40],
    ]);
  });
});

describe('rolling up revenue', () => {
  const record: SessionRecord = {
    sessionId: 's',
    stationId: 'S1',
    evseId: 1,
    connectorId: 1,
    transactionId: '1',
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
    rev: 1,
    ...place,
    durationMs: 60 * MINUTE,
    hours: [
      { startAt: T0, energyWh: 9000 },
      { startAt: T0 + 60 * MINUTE, energyWh: 3000 },
    ],
    hoursUtc: [],
    cost: {
      tariffId: 'T',
      currency: 'GBP',
      totalMinor: 601,
      totalWithVatMinor: 601,
      lines: [],
      hours: [
        { startAt: T0, minor: 451 },
        { startAt: T0 + 60 * MINUTE, minor: 150 },
      ],
    },
  };

  it('puts energy and money where the meter counted, the session where it stopped, and open sessions nowhere but in energy', () => {
    const open = active({
      startedAt: T0 + 50 * MINUTE,
      curve: [
        [0, 0],
        [600, 500],
        [1200, 700],
      ],
    });
    const windows = rollUpRevenue('S1#CCS', 'Europe/London', [record], [open], T0, T0 + 180 * MINUTE, 4);
    expect(windows).toEqual([
      {
        series: 'station_revenue_1h',
        key: 'S1#CCS',
        startAt: T0,
        version: 4,
        measures: { sessionsCompleted: 0, energyWh: 9500, revenueMinor: 451 },
        labels: { currency: 'GBP' },
      },
      {
        series: 'station_revenue_1h',
        key: 'S1#CCS',
        startAt: T0 + 60 * MINUTE,
        version: 4,
        measures: { sessionsCompleted: 1, energyWh: 3200, meanEnergyWh: 12_000, meanMinutes: 60, revenueMinor: 150 },
        labels: { currency: 'GBP' },
      },
    ]);
  });
});

describe('revenue at a place that changed to another currency', () => {
  it('is in the currency of its hour', () => {
    const sold = (startAt: number, currency: string): SessionRecord => ({
      ...place,
      sessionId: currency,
      stationId: 'S1',
      evseId: 1,
      connectorId: 1,
      transactionId: currency,
      startedAt: startAt,
      endedAt: startAt + 30 * MINUTE,
      energyWh: 1000,
      reason: 'local',
      curve: [],
      flags: [],
      rev: 1,
      durationMs: 30 * MINUTE,
      hours: [{ startAt, energyWh: 1000 }],
      hoursUtc: [],
      cost: {
        tariffId: currency,
        currency,
        totalMinor: 50,
        totalWithVatMinor: 60,
        lines: [],
        hours: [{ startAt, minor: 50 }],
      },
    });
    const ended = [sold(T0, 'GBP'), sold(T0 + 60 * MINUTE, 'EUR')];
    const rows = rollUpRevenue('S1#CCS', 'Europe/London', ended, [], T0, T0 + 120 * MINUTE, 4);
    expect(rows.map(({ labels }) => labels)).toEqual([{ currency: 'GBP' }, { currency: 'EUR' }]);
  });
});

describe('marks of roll-ups to repeat', () => {
  it('carry a late status as far as legal reports look back', () => {
    const now = T0 + 380 * 86_400_000;
    const days = dirtyStatus('S#1#1', place, T0, now, now).filter(({ kind }) => kind === 'uptime');
    expect([days.length, days[0]?.startAt]).toEqual([380, Date.parse('2026-11-01T00:00:00Z')]);
  });

  it('name the hour of a late minute, the days of a session, and what a late status reaches', () => {
    const now = T0 + 60 * MINUTE;
    expect(dirtyLoad('A', T0 + 5 * MINUTE, now)).toEqual([{ kind: 'load', key: 'A', startAt: T0 }]);
    expect(dirtyLoad('A', now - 2 * MINUTE, now)).toEqual([]);
    const lateEvening = Date.parse('2026-11-01T23:30:00Z');
    expect(dirtyRevenue({ stationId: 'S', connectorType: 'CCS' }, lateEvening, lateEvening + 60 * MINUTE)).toEqual(
      ['2026-11-01', '2026-11-02'].map((day) => ({ kind: 'revenue', key: 'S#CCS', startAt: Date.parse(day) })),
    );
    expect(dirtyStatus('S#1#1', place, T0, T0 + 30 * 3_600_000, T0 + 20 * 86_400_000).map(({ kind }) => kind)).toEqual([
      'availability',
      'availability',
      'uptime',
      'uptime',
    ]);
    expect(dirtyStatus('S#1#1', place, now - MINUTE, now, now)).toEqual([]);
  });
});
