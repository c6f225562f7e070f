import { describe, expect, it } from 'vitest';
import type { StatusMark } from '../../../domain/availability/status-intervals.ts';
import { blankConnector, type Connector } from '../../../domain/connector/connector.ts';
import { DAY_MS } from '../../../domain/kernel/durations.ts';
import { UNREGISTERED } from '../../../domain/registry/place.ts';
import type { Registration } from '../../../domain/registry/registration.ts';
import type { SessionCost } from '../../../domain/tariff/session-cost.ts';
import type { SessionRecord } from '../../../domain/tariff/session-record.ts';
import type { Window } from '../../../domain/windows/window.ts';
import type { FieldCaller } from '../../../use-cases/ports/field.ts';
import { queryHistory } from '../../../use-cases/query-history/query-history.ts';
import { queryRevenue } from '../../../use-cases/query-history/query-revenue.ts';
import { querySeries } from '../../../use-cases/query-history/query-series.ts';
import { queryTimeline } from '../../../use-cases/query-history/query-timeline.ts';
import { uptimeReport } from '../../../use-cases/query-history/uptime-report.ts';
import { operator, viewer } from '../../fakes/callers.ts';
import { place } from '../../fakes/place.ts';
import { sessionsInMemory } from '../../fakes/session-store.ts';
import { registration } from '../../support/station-days.ts';
import { windowStoreInMemory } from '../../support/window-store-in-memory.ts';

const T0 = Date.parse('2026-11-01T10:00:00Z');
const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString();
const row = (series: string, key: string, startAt: number, measures: Window['measures'], labels = {}): Window => ({
  series,
  key,
  startAt,
  version: 1,
  measures,
  labels,
});
const record: SessionRecord = {
  sessionId: 's',
  stationId: 'S1',
  evseId: 1,
  connectorId: 1,
  transactionId: '1',
  startedAt: T0,
  endedAt: T0 + 30 * MINUTE,
  energyWh: 5000,
  reason: 'local',
  curve: [[0, 0]],
  flags: ['lateArrival'],
  rev: 3,
  siteId: 'A',
  zoneId: 'Z',
  region: 'r',
  timeZone: 'UTC',
  connectorType: 'CCS',
  ratedW: 50_000,
  durationMs: 30 * MINUTE,
  hours: [{ startAt: T0, energyWh: 5000 }],
  hoursUtc: [{ startAt: T0, energyWh: 5000 }],
};

const setting = async (rows: readonly Window[] = [], marks: readonly StatusMark[] = [], now = T0 + 20 * DAY_MS) => {
  const windows = windowStoreInMemory();
  await windows.store.put(rows);
  const asked: unknown[] = [];
  const fields = queryHistory({
    windows: windows.store,
    sessions: {
      find: async (sessionId) => (sessionId === 's' ? record : undefined),
      list: async (selection, page) => {
        asked.push({ ...selection, ...page });
        return { items: [record], more: true };
      },
      sold: async () => [],
    },
    running: { ofStation: async () => [], ofSite: async () => [], ofTag: async () => [] },
    timeline: {
      list: async (subject, range, page) => {
        asked.push({ subject, ...range, ...page });
        return { items: [{ subject, id: 'e', at: T0, kind: 'status', title: 't', detail: { a: 1 } }] };
      },
      marks: async () => marks,
    },
    clock: () => now,
    registry: {
      find: async (id) => registration(id),
      list: async () => [registration('S1'), registration('S2')],
      former: async () => [],
    },
    connectors: { ofStation: async () => [], ofSite: async () => [] },
  });
  const ask = async (field: string, args: Record<string, unknown>, caller = operator): Promise<unknown> => {
    const work = fields[field];
    if (work === undefined) throw new Error(`No field ${field}`);
    return await work(args, caller);
  };
  return { ask, asked };
};
const range = { from: iso(T0), to: iso(T0 + 60 * MINUTE) };

describe('sessions', () => {
  it('are shown with their instants, hours and duration, in pages', async () => {
    const { ask, asked } = await setting();
    const { rev: _, curve: __, durationMs: ___, ...shown } = record;
    expect(await ask('sessions', { filter: { tag: 'T', siteId: null }, ...range, limit: 5 })).toEqual({
      items: [
        {
          ...shown,
          id: 's',
          status: 'ended',
          startedAt: iso(T0),
          endedAt: iso(T0 + 30 * MINUTE),
          durationSec: 1800,
          hours: [{ startAt: iso(T0), energyWh: 5000 }],
          hoursUtc: [{ startAt: iso(T0), energyWh: 5000 }],
          cost: null,
        },
      ],
      nextToken: expect.any(String),
    });
    expect(asked).toEqual([
      { by: 'tag', value: 'T', fromAt: T0, toAt: T0 + 60 * MINUTE, limit: 5, newestFirst: false },
    ]);
    expect(await ask('session', { sessionId: 'nobody' })).toBeNull();
  });

  it.each([
    [{ filter: { stationId: 'S', tag: 'T' }, ...range }, 'at most one of stationId, siteId, tag'],
    [{ filter: { siteId: '' }, ...range }, 'site must not be empty'],
    [{ from: '2026-09-01T00:00:00Z', to: range.to }, 'At most 31 days of sessions'],
    [{ ...range, nextToken: 'nonsense' }, 'Invalid page token'],
    [{ ...range, nextToken: Buffer.from('{"ended":5}').toString('base64url') }, 'Invalid page token'],
    [{ ...range, nextToken: Buffer.from('{"siteId":"A"}').toString('base64url') }, 'Invalid page token'],
    [{ filter: { siteId: 'A'.repeat(257) }, ...range }, 'filter.siteId: Too big'],
    [{ filter: { stationId: 'S' }, from: range.to, to: range.from }, 'to must be after from'],
    [{ filter: { stationId: 'S' }, from: '2020-01-01T00:00:00Z', to: range.to }, 'At most 400 days of sessions'],
    [{ filter: { stationId: 'S' }, from: 'today', to: range.to }, 'from: not an instant with a zone: today'],
    [{ filter: { stationId: 'S' }, ...range, limit: 1000 }, 'limit:'],
  ])('refuse %j', async (args, message) => {
    const { ask } = await setting();
    await expect(ask('sessions', args)).rejects.toThrow(message);
  });
});

describe('the timeline', () => {
  it('is that of a station, or of a connector, newest first', async () => {
    const { ask, asked } = await setting();
    await ask('timeline', { stationId: 'S1', ...range });
    expect(await ask('timeline', { stationId: 'S1', evseId: 1, connectorId: 2, ...range })).toEqual({
      items: [{ subject: 'S1#1#2', id: 'e', at: iso(T0), kind: 'status', title: 't', detail: '{"a":1}' }],
      nextToken: null,
    });
    expect(asked).toMatchObject([{ subject: 'S1', newestFirst: true }, { subject: 'S1#1#2' }]);
    await expect(ask('timeline', { stationId: 'S1', evseId: 1, ...range })).rejects.toThrow(
      'both evseId and connectorId',
    );
  });

  it('shows tags of drivers to operators only', async () => {
    const detail = { tag: 'T1', payload: '{"idTag":"T1"}' };
    const entry = { subject: 'S1', id: 'e', at: T0, kind: 'command' as const, title: 't', detail };
    const timeline = queryTimeline({ list: async () => ({ items: [entry] }) });
    const detailFor = async (caller: FieldCaller) =>
      JSON.parse((await timeline({ stationId: 'S1', ...range }, caller)).items[0]?.detail ?? '');
    expect([await detailFor(operator), await detailFor(viewer)]).toEqual([
      { tag: 'T1', payload: '{"idTag":"T1"}' },
      { tag: '(hidden)', payload: '{"idTag":"(hidden)"}' },
    ]);
  });
});

describe('a series', () => {
  it('is read from the store', async () => {
    const { ask } = await setting([row('site_load_1m', 'A', T0, { loadW: 5 }, { zoneId: 'Z' })]);
    expect(await ask('series', { name: 'site_load_1m', key: 'A', ...range })).toEqual({
      name: 'site_load_1m',
      key: 'A',
      sizeSec: 60,
      windows: [
        {
          key: 'A',
          startAt: iso(T0),
          measures: [{ name: 'loadW', value: 5 }],
          labels: [{ name: 'zoneId', value: 'Z' }],
        },
      ],
    });
  });

  it('has no window where one was taken back, and availability counts none', async () => {
    const name = 'network_availability_5m';
    const { ask } = await setting([
      row(name, 'region#R', T0, { connectors: 1, upSec: 300, downSec: 0, unknownSec: 0 }),
      row(name, 'region#R', T0 + 300_000, {}),
    ]);
    expect(await ask('series', { name, key: 'region#R', ...range })).toMatchObject({ windows: [{ startAt: iso(T0) }] });
    expect(await ask('availability', { group: { region: 'R' }, ...range })).toMatchObject({ windows: 1, upSec: 300 });
  });

  it('hops by a minute over a quarter of an hour, computed from status marks and carried forward', async () => {
    const { ask } = await setting(
      [],
      [
        { at: T0 - 100 * MINUTE, status: 'available' },
        { at: T0 + 10 * MINUTE, status: 'faulted' },
      ],
    );
    const answer = await ask('series', {
      name: 'connector_availability_15m',
      key: 'S1#1#1',
      from: iso(T0),
      to: iso(T0 + 3 * MINUTE),
    });
    const percents = (answer as { windows: { measures: { name: string; value: number }[] }[] }).windows.map(
      ({ measures }) => measures.find(({ name }) => name === 'availablePercent')?.value,
    );
    expect(percents).toEqual([(100 * 10) / 15, (100 * 9) / 15, (100 * 8) / 15]);
  });

  it('compares the main meter with the connectors behind it', async () => {
    const reading = (minute: number, registerWh: number) =>
      row('main_meter_1m', 'S1', T0 + minute * MINUTE, { registerAt: T0 + minute * MINUTE, registerWh });
    const { ask } = await setting([
      reading(-10, 0),
      reading(30, 4000),
      reading(70, 8000),
      row('connector_1m', 'S1#1#1', T0 + MINUTE, { energyWh: 3000 }),
      row('connector_1m', 'S1#2#2', T0 + 2 * MINUTE, { energyWh: 2500 }),
    ]);
    expect(await ask('series', { name: 'sub_meter_1h', key: 'S1', ...range })).toMatchObject({
      windows: [
        {
          startAt: iso(T0),
          measures: [
            { name: 'mainWh', value: 6000 },
            { name: 'connectorsWh', value: 5500 },
            { name: 'differenceWh', value: 500 },
            { name: 'differencePercent', value: (100 * 500) / 6000 },
          ],
        },
      ],
    });
  });

  it('that is computed on read has the windows that are over, and none of what is to come', async () => {
    const meter = [-10, 30, 70].map((minute) =>
      row('main_meter_1m', 'S1', T0 + minute * MINUTE, { registerAt: T0 + minute * MINUTE, registerWh: minute }),
    );
    const startsOf = async (now: number, name: string, key: string) => {
      const { ask } = await setting(meter, [{ at: T0 - MINUTE, status: 'available' }], now);
      const answer = await ask('series', { name, key, from: iso(T0), to: iso(T0 + 2 * 60 * MINUTE) });
      return (answer as { windows: { startAt: string }[] }).windows.map(({ startAt }) => startAt);
    };
    const quarters = ['connector_availability_15m', 'S1#1#1'] as const;
    expect(await startsOf(T0 + 17 * MINUTE, ...quarters)).toEqual([0, 1, 2].map((minute) => iso(T0 + minute * MINUTE)));
    expect(await startsOf(T0 + 14 * MINUTE, ...quarters)).toEqual([]);
    expect(await startsOf(T0 + 59 * MINUTE, 'sub_meter_1h', 'S1')).toEqual([]);
    expect(await startsOf(T0 + 60 * MINUTE, 'sub_meter_1h', 'S1')).toEqual([iso(T0)]);
  });

  it('that is computed on read looks at the rows around each window, not at all of a long range', async () => {
    const hours = 200;
    let looked = 0;
    const readings = Array.from({ length: hours * 60 }, (_, minute) => {
      const startAt = T0 + minute * MINUTE;
      return {
        ...row('main_meter_1m', 'S1', startAt, {}),
        get measures() {
          looked += 1;
          return { registerAt: startAt, registerWh: 10 * minute };
        },
      };
    });
    const read = async (series: string) => (series === 'main_meter_1m' ? readings : []);
    const ask = querySeries({
      windows: { read },
      timeline: { marks: async () => [] },
      clock: () => T0 + 2 * hours * 60 * MINUTE,
    });
    const over = { from: iso(T0), to: iso(T0 + hours * 60 * MINUTE) };
    const { windows } = await ask({ name: 'sub_meter_1h', key: 'S1', ...over });
    const mainWh = windows.map(({ measures }) => measures[0]);
    expect(mainWh.slice(0, -1)).toEqual(Array.from({ length: hours - 1 }, () => ({ name: 'mainWh', value: 600 })));
    expect(looked).toBeLessThan(10 * readings.length);
  });

  it('has no hour of a main meter where neither it nor a connector told anything', async () => {
    const { ask } = await setting();
    expect(await ask('series', { name: 'sub_meter_1h', key: 'NOBODY', ...range })).toMatchObject({ windows: [] });
  });

  it('has no availability of a connector before its first word, and none of one that there is not', async () => {
    const startsOf = async (...marks: readonly StatusMark[]) => {
      const { ask } = await setting([], marks);
      const span = { from: iso(T0), to: iso(T0 + 8 * MINUTE) };
      const answer = await ask('series', { name: 'connector_availability_15m', key: 'S1#1#1', ...span });
      return (answer as { windows: { startAt: string }[] }).windows.map(({ startAt }) => startAt);
    };
    const told = [6, 7].map((minute) => iso(T0 + minute * MINUTE));
    expect([await startsOf({ at: T0 + 20 * MINUTE, status: 'faulted' }), await startsOf()]).toEqual([told, []]);
  });

  it('refuses what does not exist or is too long', async () => {
    const { ask } = await setting();
    await expect(ask('series', { name: 'nonsense', key: 'A', ...range })).rejects.toThrow(
      'There is no series nonsense: connector_1m',
    );
    const week = { from: iso(T0), to: iso(T0 + 7 * 24 * 60 * MINUTE) };
    await expect(ask('series', { name: 'connector_1m', key: 'A', ...week })).rejects.toThrow(
      'ask for 25 hours of connector_1m or less',
    );
  });
});

describe('availability', () => {
  it('adds up time: a window with more connectors weighs more', async () => {
    const of = (minute: number, connectors: number, upSec: number, downSec: number) =>
      row('network_availability_5m', 'type#north#CCS', T0 + minute * MINUTE, {
        connectors,
        upSec,
        downSec,
        unknownSec: 0,
        'seconds.charging': upSec,
      });
    const { ask } = await setting([of(0, 1, 0, 300), of(5, 9, 2700, 0)]);
    expect(await ask('availability', { group: { region: 'north', connectorType: 'CCS' }, ...range })).toEqual({
      key: 'type#north#CCS',
      ...range,
      windows: 2,
      availablePercent: 90,
      upSec: 2700,
      downSec: 300,
      unknownSec: 0,
      statuses: [{ name: 'charging', value: 2700 }],
    });
    await expect(ask('availability', { group: { connectorType: 'CCS' }, ...range })).rejects.toThrow(
      'group: give region, or region and connectorType',
    );
  });

  it('is told of a whole region', async () => {
    const measures = { connectors: 2, upSec: 450, downSec: 150, unknownSec: 0 };
    const { ask } = await setting([row('network_availability_5m', 'region#north', T0, measures)]);
    expect(await ask('availability', { group: { region: 'north' }, ...range })).toMatchObject({
      key: 'region#north',
      availablePercent: 75,
    });
  });
});

describe('revenue', () => {
  const HOUR = 60 * MINUTE;
  const twoHours = { from: iso(T0), to: iso(T0 + 2 * HOUR) };
  /** A session of half an hour that sold 1 kWh. */
  const sold = (sessionId: string, of: Partial<SessionRecord> = {}): SessionRecord => {
    const startedAt = of.startedAt ?? T0;
    const hours = [{ startAt: startedAt, energyWh: 1000 }];
    return { ...record, sessionId, siteId: 'harbour', energyWh: 1000, endedAt: startedAt + HOUR / 2, hours, ...of };
  };
  const cost = (currency: string, minor: number, startAt = T0): SessionCost => ({
    ...{ tariffId: 'T', currency, totalMinor: minor, totalWithVatMinor: minor, lines: [] },
    hours: [{ startAt, minor }],
  });
  const revenue = async (records: readonly SessionRecord[], running: readonly Connector[] = []) => {
    const { store } = sessionsInMemory();
    for (const one of records) await store.put(one);
    const ask = queryRevenue({
      sessions: store,
      running: {
        ofStation: async (stationId) => running.filter((connector) => connector.stationId === stationId),
        ofSite: async (siteId) => running.filter(({ place }) => place.siteId === siteId),
      },
    });
    return (filter: { readonly stationId?: string; readonly siteId?: string }) => ask({ filter, ...twoHours });
  };

  it('counts what a connector sold that nobody registered', async () => {
    const ask = await revenue([sold('s', { connectorType: UNREGISTERED })]);
    expect(await ask({ stationId: 'S1' })).toMatchObject({ sessionsCompleted: 1, energyWh: 1000 });
  });

  it('stays with the site and station that sold, whatever is registered there by now', async () => {
    // A station that stood at another site since, and one whose connector has been exchanged.
    const ask = await revenue([
      sold('before', { stationId: 'moved', connectorType: 'CCS' }),
      sold('since', { stationId: 'moved', connectorType: 'CCS', siteId: 'hill' }),
      sold('exchanged', { stationId: 'S2', connectorType: 'CHAdeMO' }),
      sold('again', { stationId: 'S2', connectorType: 'CCS' }),
    ]);
    const counts = await Promise.all(
      [{ siteId: 'harbour' }, { siteId: 'hill' }, { stationId: 'moved' }, { stationId: 'S2' }].map((filter) =>
        ask(filter),
      ),
    );
    expect(counts.map(({ sessionsCompleted, energyWh }) => [sessionsCompleted, energyWh])).toEqual([
      [3, 3000],
      [1, 1000],
      [2, 2000],
      [2, 2000],
    ]);
  });

  it('adds up a site’s stations by hour and currency', async () => {
    const ask = await revenue([
      sold('a', { cost: cost('GBP', 50) }),
      sold('b', { stationId: 'S2', cost: cost('GBP', 50) }),
      sold('c', { startedAt: T0 + HOUR }),
      sold('d', { startedAt: T0 + 2 * HOUR }),
      sold('e', { startedAt: T0 - HOUR }),
    ]);
    expect(await ask({ siteId: 'harbour' })).toEqual({
      ...twoHours,
      sessionsCompleted: 3,
      energyWh: 3000,
      revenue: [{ currency: 'GBP', minor: 100 }],
      hours: [
        {
          ...{ startAt: iso(T0), sessionsCompleted: 2, energyWh: 2000 },
          ...{ revenue: [{ currency: 'GBP', minor: 100 }], revenueMinor: 100 },
        },
        {
          ...{ startAt: iso(T0 + HOUR), sessionsCompleted: 1, energyWh: 1000 },
          ...{ revenue: [], revenueMinor: 0 },
        },
      ],
    });
    await expect(ask({})).rejects.toThrow('exactly one of stationId, siteId');
  });

  it('adds up nothing across currencies', async () => {
    const ask = await revenue([
      sold('a', { cost: cost('BGN', 1000) }),
      sold('b', { cost: cost('EUR', 600) }),
      sold('c', { stationId: 'S2', cost: cost('EUR', 70) }),
    ]);
    const ofHour = [
      { currency: 'BGN', minor: 1000 },
      { currency: 'EUR', minor: 670 },
    ];
    expect(await ask({ siteId: 'harbour' })).toMatchObject({
      revenue: ofHour,
      hours: [{ revenue: ofHour, revenueMinor: null }],
    });
  });

  it('has the energy of sessions that still run, and one that ended meanwhile once', async () => {
    const running = (sessionId: string): Connector => ({
      ...blankConnector({ stationId: 'S1', evseId: 1, connectorId: 1 }, { ...place, siteId: 'harbour' }, T0),
      session: {
        ...{ sessionId, transactionId: sessionId, startedAt: T0, energyWh: 5000, flags: [] },
        curve: [
          [0, 0],
          [3600, 4000],
          [5400, 5000],
        ],
      },
    });
    const ask = await revenue([sold('ended')], [running('open'), running('ended')]);
    const { sessionsCompleted, energyWh, hours } = await ask({ siteId: 'harbour' });
    expect([sessionsCompleted, energyWh, hours.map((hour) => hour.energyWh)]).toEqual([1, 6000, [5000, 1000]]);
  });
});

describe('questions about places', () => {
  const group = { region: '' };
  it.each([
    ['revenue', { filter: { siteId: '' }, ...range }, 'filter.siteId: Too small'],
    ['revenue', { filter: { stationId: 'S'.repeat(257) }, ...range }, 'filter.stationId: Too big'],
    ['uptimeReport', { rule: 'uk', month: '2026-10', siteId: '' }, 'siteId: Too small'],
    ['uptimeReport', { rule: 'nevi', month: '0000-01' }, 'a month is YYYY-MM, from 2000-01 on'],
    ['availability', { group, ...range }, 'group.region: Too small'],
  ])('are refused by name where no store can have them as a key: %s of %j', async (field, args, message) => {
    const { ask } = await setting();
    await expect(ask(field, args)).rejects.toThrow(message);
  });
});

describe('the uptime report', () => {
  it('covers every registered connector, and one without a day on record has shown nothing', async () => {
    const { ask } = await setting();
    expect(await ask('uptimeReport', { rule: 'nevi', month: '2026-10' })).toMatchObject({
      rule: 'nevi',
      month: '2026-10',
      compliant: false,
      points: [],
      ports: ['S1#1#1', 'S1#2#2', 'S2#1#1', 'S2#2#2'].map((connector) => ({ connector, coveredMin: 0 })),
    });
    await expect(ask('uptimeReport', { rule: 'nevi', month: 'October' })).rejects.toThrow('a month is YYYY-MM');
  });

  const october = Date.parse('2026-10-01T00:00:00Z');
  const november = Date.parse('2026-11-01T00:00:00Z');
  const day = (key: string, startAt: number, measures: Window['measures']) =>
    row('uptime_1d', key, startAt, { minutes: 1440, ...measures });
  const days = (key: string, fromAt: number, toAt: number, measures: Window['measures']) =>
    Array.from({ length: (toAt - fromAt) / DAY_MS }, (_, index) => day(key, fromAt + index * DAY_MS, measures));
  const station: Registration = {
    ...registration('S1'),
    timeZone: 'UTC',
    connectors: [{ evseId: 1, connectorId: 1, connectorType: 'CCS', ratedW: 50_000 }],
    commissionedAt: october,
  };
  const reported = async (rows: readonly Window[], registered: Registration, rule: 'nevi' | 'uk') => {
    const windows = windowStoreInMemory();
    await windows.store.put(rows);
    return await uptimeReport(windows.store, [{ registration: registered }], { rule, month: '2026-10', now: november });
  };

  it('reads stations side by side, and tells of them in their order', async () => {
    let [reading, most] = [0, 0];
    const read = async (_: string, [key]: readonly string[]) => {
      reading += 1;
      most = Math.max(most, reading);
      // The later ones answer first.
      for (let turn = 0; turn < 400 - Number(key?.slice(1, 3)); turn += 1) await Promise.resolve();
      reading -= 1;
      return [];
    };
    const stations = Array.from({ length: 20 }, (__, index) => ({ ...station, stationId: `S${10 + index}` }));
    const asked = stations.map((registration) => ({ registration }));
    const report = await uptimeReport({ read }, asked, { rule: 'nevi', month: '2026-10', now: november });
    const ports = report.rule === 'nevi' ? report.ports.map(({ stationId }) => stationId) : [];
    expect([most, ports]).toEqual([16, stations.map(({ stationId }) => stationId)]);
  });

  it('starts when the station was commissioned, whatever is on record of the days before', async () => {
    const rows = [
      ...days('S1#1#1', october - 28 * DAY_MS, october, { unknownMin: 1440 }),
      ...days('S1#1#1', october, november, { upMin: 1440 }),
    ];
    expect(await reported(rows, { ...station, commissionedAt: october + 8 * 3_600_000 }, 'nevi')).toMatchObject({
      compliant: true,
      ports: [{ coveredMin: 44_640, unmeasuredMin: 0, outageMin: 0, uptimePercent: 100 }],
    });
    expect(await reported(rows, station, 'uk')).toMatchObject({ unknownAsDownPercent: 100 });
  });

  it('takes the days on which a port had one connector from that connector', async () => {
    const second = { evseId: 1, connectorId: 2, connectorType: 'CHAdeMO', ratedW: 50_000 };
    const [from, added] = [october, october + 20 * DAY_MS];
    const rows = [
      ...days('S1#1#1', from, added, { upMin: 1440 }),
      ...days('S1#1#1', added, november, { downMin: 1440 }),
      ...days('S1#1#2', added, november, { upMin: 1440 }),
      ...days('S1#1', added, november, { upMin: 1440 }),
    ];
    const registered = { ...station, connectors: [...station.connectors, second] };
    expect(await reported(rows, registered, 'nevi')).toMatchObject({
      ports: [{ connector: 'S1#1', coveredMin: 44_640, unmeasuredMin: 0, outageMin: 0, uptimePercent: 100 }],
    });
  });

  it('takes the days on which a port had more connectors than it has from the port', async () => {
    const dropped = october + 20 * DAY_MS;
    const rows = [
      // Chargers report the plug beside the one in use as unavailable.
      ...days('S1#1#1', october, dropped, { downMin: 1440 }),
      ...days('S1#1#2', october, dropped, { upMin: 1440 }),
      ...days('S1#1', october, dropped, { upMin: 1440 }),
      ...days('S1#1#1', dropped, november, { upMin: 1440 }),
    ];
    // A day of the port that was computed again since, and taken back.
    const takenBack = { ...row('uptime_1d', 'S1#1', october, {}), version: 2 };
    expect(await reported(rows, station, 'nevi')).toMatchObject({
      ports: [{ connector: 'S1#1#1', coveredMin: 44_640, unmeasuredMin: 0, outageMin: 0, uptimePercent: 100 }],
    });
    expect(await reported([...rows.filter(({ key }) => key !== 'S1#1#2'), takenBack], station, 'nevi')).toMatchObject({
      ports: [{ coveredMin: 44_640, unmeasuredMin: 0, outageMin: 1440 }],
    });
  });
});
