import { performance } from 'node:perf_hooks';
import { deserialize, serialize } from 'node:v8';
import { connectorFromItem, connectorItem } from '../aws/dynamodb/connector-item.ts';
import { packedReport } from '../aws/segment-function.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import type { Connector } from '../domain/connector/connector.ts';
import { DAY_MS, MINUTE_MS } from '../domain/kernel/durations.ts';
import { connector } from '../test/domain/alerts/fixtures.ts';
import { memoryAlertTable } from '../test/fakes/alert-table.ts';
import { dirtyMarksInMemory, sweepProgressInMemory } from '../test/fakes/dirty-marks.ts';
import { registration } from '../test/fakes/registration.ts';
import { sweepLeaseInMemory } from '../test/fakes/sweep-lease.ts';
import { findLost, tellLost } from '../use-cases/find-lost/find-lost.ts';
import type { FleetScan, StationItem } from '../use-cases/ports/fleet-scan.ts';
import type { SegmentSweep } from '../use-cases/ports/sweep/segment-sweep.ts';
import { rollUpWindows } from '../use-cases/roll-up-windows/roll-up-windows.ts';
import { sweepAlerts } from '../use-cases/sweep-alerts/sweep-alerts.ts';
import { sweepFleet } from '../use-cases/sweep-fleet/sweep-fleet.ts';
import { anyPart } from '../use-cases/sweep-fleet/sweep-part.ts';
import { sweepSegment } from '../use-cases/sweep-fleet/sweep-segment.ts';
import { printTable } from './print-table.ts';

const usage = `Usage: npm run bench:sweep -- [--chargers 1000,10000] [--json]
What the work of a minute takes with fleets made up in memory: CPU of a segment and of what concludes from all, calls of the
stores, bytes of reports, memory; for an ordinary minute, and for the minute after midnight with all sites in one zone.
  --chargers N,M  sizes of fleets; each charger has two connectors, one in eight is charging
  --json          one JSON object`;

const { chargers, ...values } = programOptions(usage, {
  chargers: { type: 'text', otherwise: '1000,10000,100000' },
  json: { type: 'flag' },
});

const MIDNIGHT = Date.UTC(2026, 10, 22);
/** Stations that one process is given, as docs/scaling.md advises. */
const STATIONS_PER_SEGMENT = 6_250;
const STATIONS_PER_SITE = 4;

/** Items as the tables have them, made as they are read: a fleet of any size takes no memory. */
const fleetOf = (size: number, calls: Map<string, number>): FleetScan => {
  const count = (name: string, by = 1): void => void calls.set(name, (calls.get(name) ?? 0) + by);
  const place = (index: number) => ({
    siteId: `site-${Math.floor(index / STATIONS_PER_SITE)}`,
    zoneId: `zone-${index % 4}`,
    region: 'north',
    timeZone: 'UTC',
  });
  const stationAt = (index: number): StationItem => ({
    stationId: `CP-${index}`,
    lastSeenAt: MIDNIGHT,
    registration: {
      ...registration({ stationId: `CP-${index}` }),
      ...place(index),
      connectors: [1, 2].map((id) => ({ evseId: id, connectorId: id, connectorType: 'Type2', ratedW: 22_000 })),
    },
  });
  const idle = connectorItem(connector({ status: 'available', statusAt: MIDNIGHT - 3_600_000 }));
  const busy = connectorItem(
    connector({
      status: 'charging',
      statusAt: MIDNIGHT - 1_800_000,
      session: {
        ...{ sessionId: 's', transactionId: '1', startedAt: MIDNIGHT - 1_800_000, energyWh: 3_000, powerW: 7_360 },
        ...{
          sampledAt: MIDNIGHT - 30_000,
          curve: [
            [0, 0],
            [900, 1_500],
            [1_770, 3_000],
          ],
          flags: [],
        },
      },
    }),
  );
  const connectorAt = (index: number, id: number): Connector => {
    const read = connectorFromItem(id === 1 && index % 8 === 0 ? busy : idle);
    return {
      ...read,
      stationId: `CP-${index}`,
      evseId: id,
      connectorId: id,
      place: { ...read.place, ...place(index) },
      lastSeenAt: MIDNIGHT,
    };
  };
  /** Pages of 1 MB: some 750 stations, some 900 connectors. */
  const pages = async function* <Item>(
    name: string,
    page: number,
    total: number,
    index: number,
    at: (index: number) => readonly Item[],
  ) {
    let items: Item[] = [];
    for (let station = index; station < size; station += total) {
      items.push(...at(station));
      if (items.length < page) continue;
      count(`${name} pages`);
      yield { items, readUnits: 128 };
      items = [];
    }
    count(`${name} pages`);
    yield { items, readUnits: 128 };
  };
  return {
    stations: ({ index, total }) => pages('stations', 750, total, index, (at) => [stationAt(at)]),
    connectors: ({ index, total }) =>
      pages('connectors', 900, total, index, (at) => [connectorAt(at, 1), connectorAt(at, 2)]),
    connectorsOf: async () => ({ items: [], readUnits: 0.5 }),
    known: async () => new Set(),
  };
};

const measured = async (size: number) => {
  const calls = new Map<string, number>();
  const count = (name: string, by = 1): void => void calls.set(name, (calls.get(name) ?? 0) + by);
  const scan = fleetOf(size, calls);
  const total = Math.max(1, Math.ceil(size / STATIONS_PER_SEGMENT));
  const progress = sweepProgressInMemory();
  let now = MIDNIGHT - 2 * MINUTE_MS;
  const windows = rollUpWindows({
    windows: {
      put: async (rows) => {
        // An item is read and written whole.
        count(
          'window items read and written',
          2 * new Set(rows.map(({ key, startAt }) => `${key}${Math.floor(startAt / 900_000)}`)).size,
        );
        return { written: rows.length, stale: 0, rejected: [] };
      },
      read: async (_, keys) => {
        count('window queries', keys.length);
        return [];
      },
    },
    sessions: {
      all: async () => {
        count('session queries');
        return [];
      },
    },
    timeline: {
      marks: async (_, fromAt) => {
        count('timeline queries', 2);
        return [{ at: fromAt - DAY_MS, status: 'available' }];
      },
    },
    exclusions: async () => {
      count('exclusion reads');
      return [];
    },
    dirty: dirtyMarksInMemory(() => now).store,
    progress,
    clock: () => now,
    warn: () => undefined,
  });
  const alerts = sweepAlerts({
    alerts: memoryAlertTable(),
    overrides: async () => ({}),
    networkSnapshots: async () => [],
    siteReadings: async () => new Map(),
  });
  const parts = {
    lost: tellLost(findLost({ put: async () => count('records put') })),
    alerts: anyPart(alerts),
    windows: anyPart(windows),
  };
  const inSegment = sweepSegment(scan, parts);
  let [slowestMs, reportBytes, peakMb] = [0, 0, 0];
  let turn: Promise<unknown> = Promise.resolve();
  // One after the other: each has a processor of its own on AWS.
  const sweep: SegmentSweep = (task) => {
    const swept = turn.then(async () => {
      const before = process.cpuUsage();
      const report = await inSegment(task);
      const { gzip } = packedReport(report);
      const { user, system } = process.cpuUsage(before);
      slowestMs = Math.max(slowestMs, (user + system) / 1_000);
      reportBytes = Math.max(reportBytes, gzip.length);
      peakMb = Math.max(peakMb, process.memoryUsage().heapUsed / 1e6);
      return deserialize(serialize(report)) as typeof report;
    });
    turn = swept.catch(() => undefined);
    return swept;
  };
  const run = sweepFleet({ sweep, lease: sweepLeaseInMemory(), clock: () => now }, total, parts);
  const minute = async (at: number) => {
    now = at;
    calls.clear();
    [slowestMs, reportBytes, peakMb] = [0, 0, 0];
    const [before, startedAt] = [process.cpuUsage(), performance.now()];
    await run(at);
    const { user, system } = process.cpuUsage(before);
    return {
      cpuMs: (user + system) / 1_000,
      wallMs: performance.now() - startedAt,
      slowestSegmentMs: slowestMs,
      largestReportKb: reportBytes / 1e3,
      heapMb: peakMb,
      calls: Object.fromEntries(calls),
    };
  };
  await minute(MIDNIGHT - 2 * MINUTE_MS);
  const ordinary = await minute(MIDNIGHT - MINUTE_MS);
  await minute(MIDNIGHT);
  return { chargers: size, segments: total, ordinary, midnight: await minute(MIDNIGHT + MINUTE_MS) };
};

const results: Awaited<ReturnType<typeof measured>>[] = [];
for (const size of chargers.split(',').map(Number)) results.push(await measured(size));

if (values.json) console.log(JSON.stringify(results));
else
  for (const { chargers: size, segments, ...minutes } of results) {
    console.log(`${size.toLocaleString('en')} chargers in ${segments} segments`);
    for (const [name, figures] of Object.entries(minutes)) {
      const { cpuMs, slowestSegmentMs, largestReportKb, heapMb, calls } = figures;
      printTable([
        [
          `  ${name}: CPU in all`,
          `${(cpuMs / 1000).toFixed(1)} s, ${((1000 * cpuMs) / (2 * size)).toFixed(0)} us a connector`,
        ],
        [
          '    of the slowest segment',
          `${(slowestSegmentMs / 1000).toFixed(1)} s; its report ${largestReportKb.toFixed(0)} kB, heap ${heapMb.toFixed(0)} MB`,
        ],
        ...Object.entries(calls).map(([call, times]) => [`    ${call}`, times.toLocaleString('en')] as const),
      ]);
    }
  }
