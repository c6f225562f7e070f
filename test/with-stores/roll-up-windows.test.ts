import { beforeEach, describe, expect, inject, it } from 'vitest';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { sessionStore } from '../../aws/dynamodb/session-store.ts';
import { sweepProgress } from '../../aws/dynamodb/sweep-progress.ts';
import { timeline } from '../../aws/dynamodb/timeline.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import type { ConnectorStatus } from '../../domain/kernel/connector-status.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import type { Window } from '../../domain/windows/window.ts';
import { system } from '../../runtime/system.ts';
import type { WindowFigures } from '../../use-cases/ports/sweep/sweep-progress.ts';
import { uptimeReport } from '../../use-cases/query-history/uptime-report.ts';
import { rollUpWindows } from '../../use-cases/roll-up-windows/roll-up-windows.ts';
import { fleetScanInMemory } from '../fakes/fleet-scan.ts';
import { createTable, localClient, localDocuments } from '../support/dynamodb-local.ts';
import { sweptPart } from '../support/swept.ts';
import { windowStoreInMemory } from '../support/window-store-in-memory.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-02T10:30:00Z');
const endpoint = inject('dynamodbEndpoint');
const client = localDocuments(endpoint);
const tables = { sessions: '', timeline: '' };

beforeEach(async () => {
  const raw = localClient(endpoint);
  tables.sessions = await createTable(raw, 'sessions');
  tables.timeline = await createTable(raw, 'timeline');
});

const place = {
  siteId: 'A',
  zoneId: 'Z',
  region: 'north',
  timeZone: 'Europe/London',
  connectorType: 'CCS',
  ratedW: 50_000,
};
const registration: Registration = {
  stationId: 'S',
  siteId: 'A',
  zoneId: 'Z',
  region: 'north',
  timeZone: 'Europe/London',
  connectors: [1, 2].map((id) => ({ evseId: id, connectorId: id, connectorType: 'CCS', ratedW: 50_000 })),
  admission: 'accepted',
};
const connector = (id: number, more: Partial<Connector> = {}): Connector => ({
  stationId: 'S',
  evseId: id,
  connectorId: id,
  place,
  status: 'available',
  statusAt: NOW - 48 * HOUR,
  recent: [],
  lastSeenAt: NOW,
  guard: '',
  rev: 1,
  outbox: [],
  ...more,
});
const minuteRow = (startAt: number, energyWh: number, version = 1): Window => ({
  series: 'connector_1m',
  key: 'S#1#1',
  startAt,
  version,
  measures: { energyWh, meanW: energyWh * 60, samples: 1 },
  labels: { sessionId: 's' },
});

const setting = () => {
  const windows = windowStoreInMemory();
  const dirty = dirtyMarks(tables.timeline, system, client);
  const history = timeline(tables.timeline, system, client);
  const sessions = sessionStore(tables.sessions, client);
  const warnings: string[] = [];
  /** The sweep of a fresh Lambda; marks made up to now are old enough for it. */
  const sweep = (
    connectors: readonly Connector[] = [connector(1), connector(2)],
    now = NOW,
    registered: Registration = registration,
  ) => {
    const started = Date.now();
    const part = rollUpWindows({
      windows: windows.store,
      sessions,
      timeline: history,
      exclusions: async () => [{ reason: 'vandalism', fromAt: now - 40 * HOUR, toAt: now - 20 * HOUR }],
      dirty: {
        ...dirty,
        pending: async (limit) => (await dirty.pending(limit)).map((mark) => ({ ...mark, markedAt: 0 })),
      },
      progress: sweepProgress(tables.timeline, client),
      clock: () => now + (Date.now() - started),
      warn: (kind) => void warnings.push(kind),
    });
    const scan = fleetScanInMemory(() => ({ stations: [{ stationId: 'S', registration: registered }], connectors }));
    return sweptPart(part, scan, 1)(now) as Promise<WindowFigures>;
  };
  const rows = (series: string) =>
    [...windows.rows.values()].filter((row) => row.series === series).sort((a, b) => a.startAt - b.startAt);
  return { windows, dirty, history, sessions, sweep, rows, warnings };
};

describe('the window sweep', () => {
  it('computes the last minutes of the fleet, repeatedly without writing what did not change', async () => {
    const { windows, sweep, rows } = setting();
    const charging = connector(1, { status: 'charging', minute: { startAt: NOW, energyWh: 0, samples: 0 } });
    await windows.store.put([minuteRow(NOW - 2 * MINUTE, 100), minuteRow(NOW - MINUTE, 200)]);
    await sweep([charging, connector(2)]);
    expect(
      rows('site_load_1m').map(({ key, startAt, measures }) => [
        key,
        startAt - NOW,
        measures.loadW,
        measures.capacityW,
      ]),
    ).toEqual([
      ['A', -2 * MINUTE, 6000, 100_000],
      ['A', -MINUTE, 12_000, 100_000],
    ]);
    expect([rows('station_load_1m').length, rows('zone_load_1m').length]).toEqual([0, 2]);
  });

  it('repeats an hour that late minutes made wrong, once, and takes back what is no longer there', async () => {
    const { windows, dirty, sweep, rows } = setting();
    const hour = NOW - 30 * MINUTE - 5 * HOUR;
    await windows.store.put([minuteRow(hour, 100)]);
    await dirty.mark([{ kind: 'load', key: 'A', startAt: hour }]);
    expect(await sweep()).toEqual({ marked: 0, repeated: 1, left: 0 });
    await windows.store.put([minuteRow(hour, 0, 2), minuteRow(hour + MINUTE, 50)]);
    await dirty.mark([{ kind: 'load', key: 'A', startAt: hour }]);
    await sweep(undefined, NOW + MINUTE);
    expect(rows('site_load_1m').map(({ startAt, measures }) => [startAt - hour, measures.loadW])).toEqual([
      [0, 0],
      [MINUTE, 3000],
    ]);
    expect(await sweep(undefined, NOW + 2 * MINUTE)).toMatchObject({ repeated: 0, left: 0 });
  });

  it('gives availability over all registered connectors for windows that are over', async () => {
    const { sweep, rows, history } = setting();
    const at = NOW - 8 * MINUTE;
    await history.put(
      [],
      [
        { connector: 'S#1#1', at: NOW - 48 * HOUR, status: 'available', rev: 1, ordinal: 0 },
        { connector: 'S#1#1', at, status: 'faulted', rev: 2, ordinal: 0 },
      ],
    );
    await sweep([connector(1, { status: 'faulted', statusAt: at })]);
    expect(
      rows('network_availability_5m').map(({ key, startAt, measures }) => [
        key,
        startAt - NOW,
        measures.connectors,
        measures.availablePercent,
      ]),
    ).toEqual([
      ['region#north', -10 * MINUTE, 2, 20],
      ['type#north#CCS', -10 * MINUTE, 2, 20],
      ['region#north', -5 * MINUTE, 2, 0],
      ['type#north#CCS', -5 * MINUTE, 2, 0],
    ]);
  });

  it('records each local day once it is over, all of them after a standstill, with what the operator declared', async () => {
    const { sweep, rows, history } = setting();
    await history.put(
      [],
      [
        { connector: 'S#1#1', at: NOW - 72 * HOUR, status: 'available', rev: 1, ordinal: 0 },
        { connector: 'S#1#1', at: NOW - 35 * HOUR, status: 'faulted', rev: 2, ordinal: 0 },
        { connector: 'S#1#1', at: NOW - 25 * HOUR, status: 'available', rev: 3, ordinal: 0 },
      ],
    );
    const stable = [connector(1, { statusAt: NOW - 25 * HOUR }), connector(2)];
    await sweep(stable);
    const [first] = rows('uptime_1d').filter(({ key }) => key === 'S#1#1');
    expect([new Date(first?.startAt ?? 0).toISOString(), first?.measures]).toEqual([
      '2026-11-01T00:00:00.000Z',
      {
        minutes: 1440,
        closedMin: 0,
        upMin: 1440 - 570,
        downMin: 570,
        unknownMin: 0,
        excludedDownMin: 570,
        excludedUnknownMin: 0,
        'minutes.faulted': 570,
        'minutes.available': 1440 - 570,
        'excludedMin.vandalism': 570,
      },
    ]);
    expect((await sweep(stable)).repeated).toBe(0);
    await sweep(stable, NOW + 72 * HOUR);
    expect((await sweep(stable, NOW + 72 * HOUR + MINUTE)).left).toBe(0);
    expect(rows('uptime_1d').filter(({ key }) => key === 'S#1#1')).toHaveLength(4);
  });

  it('accounts a port with two connectors as one: no outage while one of them serves', async () => {
    const { sweep, rows, history, windows } = setting();
    const onePort: Registration = {
      ...registration,
      connectors: registration.connectors.map((each) => ({ ...each, evseId: 1 })),
    };
    const day = Date.parse('2026-11-01T00:00:00Z');
    const mark = (id: number, hour: number, status: ConnectorStatus, ordinal: number) => ({
      connector: `S#1#${id}`,
      at: day + hour * HOUR,
      status,
      rev: 1,
      ordinal,
    });
    await history.put(
      [],
      [
        mark(1, -1, 'available', 0),
        mark(2, -1, 'available', 0),
        mark(1, 6, 'charging', 1),
        mark(2, 6, 'unavailable', 1),
        mark(1, 8, 'available', 2),
        mark(1, 20, 'faulted', 3),
        mark(1, 23, 'available', 4),
      ],
    );
    const first = connector(1, { statusAt: day + 23 * HOUR });
    const second = connector(2, { evseId: 1, status: 'unavailable', statusAt: day + 6 * HOUR });
    await sweep([first, second], NOW, onePort);
    const downMin = (key: string) => rows('uptime_1d').find((row) => row.key === key)?.measures.downMin;
    expect([downMin('S#1'), downMin('S#1#1'), downMin('S#1#2')]).toEqual([180, 180, 1080]);
    const report = await uptimeReport(windows.store, [{ registration: onePort }], {
      rule: 'nevi',
      month: '2026-11',
      now: NOW,
    });
    expect(report).toMatchObject({ ports: [{ connector: 'S#1', outageMin: 180, coveredMin: 1440 }] });
  });

  it('makes up for the availability of a standstill', async () => {
    const { sweep, rows } = setting();
    await sweep();
    await sweep(undefined, NOW + 47 * MINUTE);
    const starts = [...new Set(rows('network_availability_5m').map(({ startAt }) => (startAt - NOW) / MINUTE))];
    expect(starts.sort((a, b) => a - b)).toEqual([-10, -5, 0, 5, 10, 15, 20, 25, 30, 35, 40]);
  });

  it('computes revenue of marked days from the sessions themselves', async () => {
    const { sweep, rows, sessions, dirty } = setting();
    const startedAt = NOW - 26 * HOUR;
    await sessions.put({
      sessionId: 's',
      stationId: 'S',
      evseId: 1,
      connectorId: 1,
      transactionId: '1',
      startedAt,
      endedAt: startedAt + HOUR,
      energyWh: 5000,
      reason: 'local',
      curve: [],
      flags: [],
      rev: 1,
      ...place,
      durationMs: HOUR,
      hours: [
        { startAt: startedAt - 30 * MINUTE, energyWh: 2000 },
        { startAt: startedAt + 30 * MINUTE, energyWh: 3000 },
      ],
      hoursUtc: [],
    });
    await dirty.mark([{ kind: 'revenue', key: 'S#CCS', startAt: Date.parse('2026-11-01') }]);
    await sweep();
    expect(
      rows('station_revenue_1h').map(({ startAt, measures }) => [
        startAt - startedAt,
        measures.energyWh,
        measures.sessionsCompleted,
      ]),
    ).toEqual([
      [-30 * MINUTE, 2000, 0],
      [30 * MINUTE, 3000, 1],
    ]);
  });

  it('does what can be done when a store fails, fails the run, and makes up for it in the next', async () => {
    const { windows, dirty, sweep, rows, warnings } = setting();
    const hour = NOW - 30 * MINUTE - 5 * HOUR;
    await windows.store.put([minuteRow(hour, 100)]);
    await dirty.mark([{ kind: 'load', key: 'A', startAt: hour }]);
    windows.fail(100);
    await expect(sweep()).rejects.toThrow('The sweep failed in part');
    expect(warnings).toContain('sweepPartFailed');
    windows.fail(0);
    await sweep(undefined, NOW + MINUTE);
    expect([rows('site_load_1m').length, rows('uptime_1d').length]).toEqual([1, 2]);
  });
});
