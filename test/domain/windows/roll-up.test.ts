import { describe, expect, it } from 'vitest';
import { statusIntervals } from '../../../domain/availability/status-intervals.ts';
import type { Connector } from '../../../domain/connector/connector.ts';
import { type FleetStation, fleetOf } from '../../../domain/fleet/fleet-station.ts';
import { DAY_MS, MINUTE_MS } from '../../../domain/kernel/durations.ts';
import type { Registration } from '../../../domain/registry/registration.ts';
import type { ActiveSession } from '../../../domain/session/active-session.ts';
import type { SessionRecord } from '../../../domain/tariff/session-record.ts';
import { marksLeftBy } from '../../../domain/windows/dirty-mark.ts';
import { fleetGroups, groupsOf } from '../../../domain/windows/groups-of.ts';
import { rowMinute } from '../../../domain/windows/minute-row-start.ts';
import { recompute, replacing } from '../../../domain/windows/recompute.ts';
import { networkAvailability5m } from '../../../domain/windows/series/network-availability-5m.ts';
import { siteLoad1m } from '../../../domain/windows/series/site-load-1m.ts';
import { stationLoad1m } from '../../../domain/windows/series/station-load-1m.ts';
import { stationRevenue1h } from '../../../domain/windows/series/station-revenue-1h.ts';
import { uptime1d } from '../../../domain/windows/series/uptime-1d.ts';
import { zoneLoad1m } from '../../../domain/windows/series/zone-load-1m.ts';
import type { Inputs, RolledUp, Series } from '../../../domain/windows/series.ts';
import type { Window } from '../../../domain/windows/window.ts';

const MINUTE = MINUTE_MS;
const nothing: Inputs = { minutes: () => new Map(), statuses: () => [], sessions: () => [], exclusions: () => [] };

/** Rows of a series over a fleet for the windows that overlap [fromAt, toAt), as a first computation writes them. */
const rolled = (
  series: Series<RolledUp>,
  fleet: readonly FleetStation[],
  inputs: Partial<Inputs>,
  fromAt: number,
  toAt: number,
  version = 1,
): Window[] => {
  const fresh = groupsOf(series.source, fleet).flatMap((group) =>
    recompute(series, group, { ...nothing, ...inputs }, series.source.calendar(group.timeZone, fromAt, toAt), version),
  );
  return replacing([], fresh, version);
};
const minutesOf =
  (rows: readonly Window[]): Inputs['minutes'] =>
  ({ path }) =>
    Map.groupBy(
      rows.filter(({ key }) => key === path),
      ({ startAt }) => rowMinute(startAt),
    );
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
const figures = (windows: readonly Window[]) =>
  windows.map(({ key, startAt, measures }) => [
    key,
    (startAt - T0) / MINUTE,
    measures.loadW,
    measures.carriedConnectors,
  ]);

describe('rolling up load', () => {
  const registry = [
    station('S1'),
    station('S2', { siteId: 'B', contractMaxW: 40_000 }),
    station('S3', { zoneId: 'Y' }),
  ];

  it('adds connectors to stations, sites and zones, with the capacity of every registered station', () => {
    const rows = [row('S1#1#1', T0, 100), row('S1#2#2', T0 + 20_000, 200), row('S2#1#1', T0, 300)];
    const windows = [stationLoad1m, siteLoad1m, zoneLoad1m].flatMap((series) =>
      rolled(series, fleetOf(registry, []), { minutes: minutesOf(rows) }, T0, T0 + 2 * MINUTE, 9),
    );
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
      ['station_load_1m', 'S2', 0, 9, 18_000, 40_000, 2],
      ['site_load_1m', 'A', 0, 9, 18_000, 200_000, 4],
      ['site_load_1m', 'B', 0, 9, 18_000, 40_000, 2],
      ['zone_load_1m', 'Z', 0, 9, 36_000, 140_000, 4],
    ]);
  });

  it('carries the last power of a quiet session forward, and nothing of one that is suspended, not yet begun or over', () => {
    const fleet = fleetOf(registry, [
      live('S1', 1, { session: active() }),
      live('S1', 2, { session: active(), status: 'suspendedEV' }),
      live('S2', 1, { session: active({ startedAt: T0 + 10 * MINUTE }) }),
      live('S2', 2),
    ]);
    const minutes = minutesOf([row('S1#1#1', T0 + 2 * MINUTE, 100)]);
    expect(figures(rolled(siteLoad1m, fleet, { minutes }, T0 + 2 * MINUTE, T0 + 5 * MINUTE))).toEqual([
      ['A', 2, 6000, 1],
      ['A', 3, 30_000, 2],
      ['A', 4, 30_000, 2],
    ]);
  });

  it('carries power through all minutes that wait for a register in doubt, whatever else was read meanwhile', () => {
    const minute = { startAt: T0 + 2 * MINUTE, energyWh: 100, samples: 1, sessionId: 's', registerAt: T0 + 2 * MINUTE };
    const session = active({ sampledAt: T0 + 5 * MINUTE });
    const fleet = fleetOf(registry, [live('S1', 1, { session, minute })]);
    expect(figures(rolled(siteLoad1m, fleet, {}, T0 + 3 * MINUTE, T0 + 5 * MINUTE))).toEqual([
      ['A', 3, 30_000, 1],
      ['A', 4, 30_000, 1],
    ]);
  });

  it('takes back a minute in which nothing happened after all, and writes none that never had a row', () => {
    const fleet = fleetOf(registry, []);
    const stored = rolled(siteLoad1m, fleet, { minutes: minutesOf([row('S2#1#1', T0, 300)]) }, T0, T0 + MINUTE, 1);
    const fresh = groupsOf(siteLoad1m.source, fleet).flatMap((group) =>
      recompute(siteLoad1m, group, nothing, siteLoad1m.source.calendar('UTC', T0, T0 + 2 * MINUTE), 2),
    );
    expect(
      replacing(stored, fresh, 2).map(({ key, startAt, version, measures }) => [
        key,
        startAt - T0,
        version,
        measures.loadW,
        measures.capacityW,
      ]),
    ).toEqual([['B', 0, 2, 0, 40_000]]);
  });

  it('finds what marks concern: a site with its stations, and a zone by marks of its own', () => {
    const groups = fleetGroups(fleetOf(registry, []));
    const touched = [stationLoad1m, siteLoad1m, zoneLoad1m].flatMap((series) =>
      groups
        .marked(series, ['B', 'station_load_1m#S2', 'zone_load_1m#Y'])
        .map(({ key, stations }) => [series.name, key, stations.map(({ registration }) => registration.stationId)]),
    );
    expect(touched).toEqual([
      ['station_load_1m', 'S2', ['S2']],
      ['site_load_1m', 'B', ['S2']],
      ['zone_load_1m', 'Y', ['S3']],
    ]);
  });
});

describe('rolling up availability', () => {
  it('groups every registered connector by region, by region and type, by model and by firmware', () => {
    const fleet = fleetOf([station('S1', { model: 'M', firmware: '1.2' }), station('S2', { region: 'south' })], []);
    const groups = groupsOf(networkAvailability5m.source, fleet);
    expect(groups.map(({ key, connectors }) => [key, connectors.length])).toEqual([
      ['region#north', 2],
      ['type#north#CCS', 2],
      ['model#M', 2],
      ['firmware#M#1.2', 2],
      ['region#south', 2],
      ['type#south#CCS', 2],
    ]);
  });

  it('gives a window per five minutes, silent connectors included', () => {
    const marks = [{ at: T0 + 6 * MINUTE, status: 'charging' as const }];
    const statuses: Inputs['statuses'] = ({ path }) =>
      statusIntervals(path === 'S1#1#1' ? marks : [], T0, T0 + 10 * MINUTE);
    expect(
      rolled(networkAvailability5m, fleetOf([station('S1')], []), { statuses }, T0, T0 + 10 * MINUTE, 3)
        .filter(({ key }) => key === 'type#north#CCS')
        .map(({ startAt, measures }) => [startAt - T0, measures.connectors, measures.availablePercent]),
    ).toEqual([
      [0, 2, 0],
      [5 * MINUTE, 2, 40],
    ]);
  });

  it('counts no connector before its station was commissioned', () => {
    const statuses: Inputs['statuses'] = ({ stationId }) =>
      statusIntervals(stationId === 'S1' ? [{ at: T0, status: 'available' }] : [], T0, T0 + 10 * MINUTE);
    const fleet = fleetOf(
      [station('S1'), station('S2', { commissionedAt: T0 + 5 * MINUTE, region: 'north', model: 'M' })],
      [],
    );
    expect(
      rolled(networkAvailability5m, fleet, { statuses }, T0, T0 + 10 * MINUTE).map(({ key, startAt, measures }) => [
        key,
        (startAt - T0) / MINUTE,
        measures.connectors,
        measures.availablePercent,
      ]),
    ).toEqual([
      ['region#north', 0, 2, 100],
      ['region#north', 5, 4, 50],
      ['type#north#CCS', 0, 2, 100],
      ['type#north#CCS', 5, 4, 50],
      ['model#M', 5, 2, 0],
    ]);
  });

  it('counts a connector from when it was added to its station', () => {
    const [first, ...others] = station('S1').connectors;
    const connectors = [...(first ? [first] : []), ...others.map((other) => ({ ...other, addedAt: T0 + 5 * MINUTE }))];
    const statuses: Inputs['statuses'] = () => statusIntervals([{ at: T0, status: 'available' }], T0, T0 + 10 * MINUTE);
    const fleet = fleetOf([station('S1', { connectors })], []);
    expect(
      rolled(networkAvailability5m, fleet, { statuses }, T0, T0 + 10 * MINUTE).map(({ key, startAt, measures }) => [
        key,
        (startAt - T0) / MINUTE,
        measures.connectors,
      ]),
    ).toEqual([
      ['region#north', 0, 1],
      ['region#north', 5, 2],
      ['type#north#CCS', 0, 1],
      ['type#north#CCS', 5, 2],
    ]);
  });
});

describe('rolling up uptime', () => {
  it('counts a connector that was added to its station from that instant, and on no day before', () => {
    const day = Date.parse('2026-11-10T00:00:00Z');
    const [first, ...others] = station('S1').connectors;
    const addedAt = day + 18 * 60 * MINUTE;
    const connectors = [...(first ? [first] : []), ...others.map((other) => ({ ...other, addedAt }))];
    const statuses: Inputs['statuses'] = () => [{ fromAt: day - DAY_MS, toAt: day + DAY_MS, status: 'available' }];
    const fleet = fleetOf([station('S1', { connectors, commissionedAt: day - DAY_MS + 60 * MINUTE })], []);
    expect(
      rolled(uptime1d, fleet, { statuses, exclusions: () => [] }, day - DAY_MS, day + DAY_MS).map(
        ({ key, startAt, measures }) => [key, (startAt - day) / DAY_MS, measures.minutes, measures.upMin],
      ),
    ).toEqual([
      ['S1#1#1', -1, 1380, 1380],
      ['S1#1#1', 0, 1440, 1440],
      ['S1#2#2', 0, 360, 360],
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
    const fleet = fleetOf([station('S1')], [live('S1', 1, { session: open })]);
    const windows = rolled(stationRevenue1h, fleet, { sessions: () => [record] }, T0, T0 + 180 * MINUTE, 4);
    expect(windows).toEqual([
      {
        series: 'station_revenue_1h',
        key: 'S1#CCS',
        startAt: T0,
        version: 4,
        measures: { sessionsCompleted: 0, energyWh: 9500, revenueMinor: 451 },
        labels: { currency: 'GBP', siteId: 'A', zoneId: 'Z', region: 'north' },
      },
      {
        series: 'station_revenue_1h',
        key: 'S1#CCS',
        startAt: T0 + 60 * MINUTE,
        version: 4,
        measures: { sessionsCompleted: 1, energyWh: 3200, meanEnergyWh: 12_000, meanMinutes: 60, revenueMinor: 150 },
        labels: { currency: 'GBP', siteId: 'A', zoneId: 'Z', region: 'north' },
      },
    ]);
  });
});

describe('revenue at a place whose time zone was corrected', () => {
  it('stays what was recorded by the hours of the zone before', () => {
    const sold: SessionRecord = {
      ...place,
      timeZone: 'UTC',
      sessionId: 's',
      stationId: 'S1',
      evseId: 1,
      connectorId: 1,
      transactionId: '1',
      startedAt: T0 + 50 * MINUTE,
      endedAt: T0 + 70 * MINUTE,
      energyWh: 3000,
      reason: 'local',
      curve: [],
      flags: [],
      rev: 1,
      durationMs: 20 * MINUTE,
      hours: [
        { startAt: T0, energyWh: 1000 },
        { startAt: T0 + 60 * MINUTE, energyWh: 2000 },
      ],
      hoursUtc: [],
      cost: {
        tariffId: 'T',
        currency: 'EUR',
        totalMinor: 150,
        totalWithVatMinor: 150,
        lines: [],
        hours: [
          { startAt: T0, minor: 50 },
          { startAt: T0 + 60 * MINUTE, minor: 100 },
        ],
      },
    };
    const fleet = fleetOf([station('S1', { timeZone: 'Asia/Kolkata' })], []);
    const rows = rolled(stationRevenue1h, fleet, { sessions: () => [sold] }, T0, T0 + 120 * MINUTE);
    expect(
      rows.map(({ startAt, measures: { sessionsCompleted, energyWh, revenueMinor } }) => [
        ...[(startAt - T0) / MINUTE, sessionsCompleted],
        ...[energyWh, revenueMinor],
      ]),
    ).toEqual([
      [-30, 0, 1000, 50],
      [30, 1, 2000, 100],
    ]);
  });
});

describe('revenue at a place that changed to another currency', () => {
  it('is in the currency of its hour, or in each of several', () => {
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
    const fleet = fleetOf([station('S1')], []);
    const rows = rolled(stationRevenue1h, fleet, { sessions: () => ended }, T0, T0 + 120 * MINUTE);
    expect(rows.map(({ labels }) => labels.currency)).toEqual(['GBP', 'EUR']);
    const both = [sold(T0, 'GBP'), sold(T0, 'EUR')];
    const [row] = rolled(stationRevenue1h, fleet, { sessions: () => both }, T0, T0 + 60 * MINUTE);
    expect([row?.labels.currency, row?.measures.revenueMinor, row?.measures['revenueMinor.EUR']]).toEqual([
      ...['GBP', 50, 50],
    ]);
  });
});

describe('marks of roll-ups to repeat', () => {
  const connector = { path: 'S#1#1', stationId: 'S', place };
  const marks = (change: Parameters<typeof marksLeftBy>[1], now: number) =>
    marksLeftBy(connector, change, now).map(({ kind, key, startAt }) => [kind, key, new Date(startAt).toISOString()]);

  it('carry a late status as far as legal reports look back', () => {
    const now = T0 + 380 * DAY_MS;
    const days = marks({ input: 'statuses', fromAt: T0, toAt: now }, now).filter(([kind]) => kind === 'uptime');
    expect([days.length, days[0]]).toEqual([380, ['uptime', 'S', '2026-11-01T00:00:00.000Z']]);
  });

  it('name every day of an exclusion that has begun, however long it is', () => {
    const [fromAt, toAt] = [Date.parse('2025-01-01T00:00:00Z'), Date.parse('2026-12-01T00:00:00Z')];
    const days = marks({ input: 'exclusions', fromAt, toAt }, Date.parse('2026-11-22T12:00:00Z'));
    expect([days.length, days[0], days.at(-1)]).toEqual([
      365 + 325,
      ['uptime', 'S', '2025-01-01T00:00:00.000Z'],
      ['uptime', 'S', '2026-11-21T00:00:00.000Z'],
    ]);
  });

  it('carry it through the availability of five weeks', () => {
    const group = 'type#north#CCS';
    const daysOf = (now: number) =>
      marks({ input: 'statuses', fromAt: T0, toAt: now }, now).filter(
        ([kind, key]) => kind === 'availability' && key === group,
      );
    expect(daysOf(T0 + 5 * DAY_MS).map(([, , startAt]) => startAt?.slice(5, 10))).toEqual([
      ...['11-01', '11-02', '11-03', '11-04', '11-05', '11-06'],
    ]);
    expect(daysOf(T0 + 60 * DAY_MS)).toHaveLength(36);
  });

  it('name the hour of a late minute once for its site and once for its zone, and none for a minute every run computes', () => {
    const now = T0 + 60 * MINUTE;
    const minute = (fromAt: number) => ({ input: 'minutes', fromAt, toAt: fromAt + MINUTE }) as const;
    expect(marks(minute(T0 + 5 * MINUTE), now)).toEqual([
      ['load', 'zone_load_1m#Z', '2026-11-01T10:00:00.000Z'],
      ['load', 'A', '2026-11-01T10:00:00.000Z'],
    ]);
    expect(marks(minute(now - 2 * MINUTE), now)).toEqual([]);
  });

  it('name the days of a session', () => {
    const lateEvening = Date.parse('2026-11-01T23:30:00Z');
    const session = { input: 'sessions', fromAt: lateEvening, toAt: lateEvening + 60 * MINUTE } as const;
    expect(marks(session, lateEvening + 60 * MINUTE)).toEqual([
      ['revenue', 'S#CCS', '2026-11-01T00:00:00.000Z'],
      ['revenue', 'S#CCS', '2026-11-02T00:00:00.000Z'],
    ]);
  });

  it('name what a late status reaches: days that are over, and of the running day what is over of it', () => {
    const now = T0 + 20 * DAY_MS;
    expect(marks({ input: 'statuses', fromAt: T0, toAt: T0 + 30 * 60 * MINUTE }, now)).toEqual([
      ['availability', 'region#north', '2026-11-01T00:00:00.000Z'],
      ['availability', 'region#north', '2026-11-02T00:00:00.000Z'],
      ['availability', 'type#north#CCS', '2026-11-01T00:00:00.000Z'],
      ['availability', 'type#north#CCS', '2026-11-02T00:00:00.000Z'],
      ['uptime', 'S', '2026-11-01T00:00:00.000Z'],
      ['uptime', 'S', '2026-11-02T00:00:00.000Z'],
    ]);
    expect(marks({ input: 'statuses', fromAt: T0, toAt: T0 + MINUTE }, T0 + 30 * MINUTE)).toEqual([
      ['availability', 'region#north', '2026-11-01T00:00:00.000Z'],
      ['availability', 'type#north#CCS', '2026-11-01T00:00:00.000Z'],
    ]);
    expect(marks({ input: 'statuses', fromAt: now - MINUTE, toAt: now }, now)).toEqual([]);
  });
});
