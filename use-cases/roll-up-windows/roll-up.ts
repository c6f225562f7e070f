import type { StatusMark } from '../../domain/availability/status-intervals.ts';
import type { FleetConnector, FleetStation } from '../../domain/fleet/fleet.ts';
import { connector1m } from '../../domain/windows/connector-1m.ts';
import { noLoad, placeLoad } from '../../domain/windows/load.ts';
import {
  availabilityMembers,
  isSettledSince,
  liveMarks,
  rollUpAvailability,
} from '../../domain/windows/roll-up-availability.ts';
import { loadConcern, rollUpLoad } from '../../domain/windows/roll-up-load.ts';
import { rollUpRevenue } from '../../domain/windows/roll-up-revenue.ts';
import { siteLoad1m } from '../../domain/windows/site-load-1m.ts';
import { stationLoad1m } from '../../domain/windows/station-load-1m.ts';
import { stationRevenue1h } from '../../domain/windows/station-revenue-1h.ts';
import type { Window } from '../../domain/windows/window.ts';
import { zoneLoad1m } from '../../domain/windows/zone-load-1m.ts';
import type { PendingMark } from '../ports/dirty-marks.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { changedOnly, putWithWarnings, replacing } from './changed-windows.ts';
import { rollUpUptime, type UptimePorts } from './roll-up-uptime.ts';

export type RollUpPorts = Omit<UptimePorts, 'put'> & {
  readonly windows: WindowStore;
  readonly sessions: Pick<SessionStore, 'all'>;
  /** ms since the epoch: rows are versioned by the moment their input was read, so that of two runs the better informed wins. */
  readonly clock: () => number;
  readonly warn: SampledWarning;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const FIVE_MIN_MS = 300_000;
/** Closed minutes recomputed by every run: readings of the last ones are still arriving. */
const LIVE_MINUTES = 4;
/** A session that overlaps an hour is taken to have started within this time before it. */
const LONGEST_SESSION_MS = 35 * DAY_MS;

const floor = (at: number, sizeMs: number): number => Math.floor(at / sizeMs) * sizeMs;

const isActive = ({ live }: FleetConnector, since: number): boolean =>
  live !== undefined &&
  (live.session !== undefined || live.minute !== undefined || live.recent.some(({ endedAt }) => endedAt >= since));

/** The parts of a sweep that compute windows above connector_1m. Each is a pure roll-up between a read and a write. */
export const rollUp = ({ windows, sessions, timeline, exclusions, clock, warn }: RollUpPorts) => {
  const put = putWithWarnings(windows, warn);
  /** For windows that every run computes: what another run wrote meanwhile came from the same rows. */
  const putChanged = changedOnly(put);
  const uptimeDay = rollUpUptime({ put, timeline, exclusions, clock });

  const marksOf = async (connector: FleetConnector, fromAt: number, toAt: number): Promise<readonly StatusMark[]> =>
    isSettledSince(connector, fromAt) ? liveMarks(connector) : await timeline.marks(connector.path, fromAt, toAt);

  const liveLoad = async (fleet: readonly FleetStation[], now: number): Promise<void> => {
    const toAt = floor(now, MINUTE_MS);
    const fromAt = toAt - LIVE_MINUTES * MINUTE_MS;
    const active = fleet.flatMap(({ connectors }) => connectors).filter((connector) => isActive(connector, fromAt));
    if (active.length === 0) return;
    const version = clock();
    const rows = await windows.read(
      connector1m.name,
      active.map(({ path }) => path),
      fromAt,
      toAt,
    );
    await putChanged(rollUpLoad(fleet, rows, fromAt, toAt, version));
  };

  /** From the last two windows on, or from `doneUntil` after a standstill of up to a day. Returns where it ended. */
  const liveAvailability = async (fleet: readonly FleetStation[], now: number, doneUntil: number): Promise<number> => {
    const toAt = floor(now, FIVE_MIN_MS);
    const fromAt = Math.max(Math.min(doneUntil, toAt) - 2 * FIVE_MIN_MS, toAt - DAY_MS);
    const version = clock();
    const members = availabilityMembers(fleet.flatMap(({ connectors }) => connectors));
    const known = new Map<string, readonly StatusMark[]>();
    for (const [key, connectors] of members) {
      for (const connector of connectors)
        if (!known.has(connector.path)) known.set(connector.path, await marksOf(connector, fromAt, toAt));
      const marks = connectors.map(({ path }) => known.get(path) ?? []);
      await putChanged(rollUpAvailability(key, marks, fromAt, toAt, version));
    }
    return toAt;
  };

  const revenue = async (fleet: readonly FleetStation[], key: string, fromAt: number, toAt: number): Promise<void> => {
    const stationId = key.slice(0, key.indexOf('#'));
    const connectorType = key.slice(key.indexOf('#') + 1);
    const station = fleet.find(({ registration }) => registration.stationId === stationId);
    if (station === undefined) return;
    const { timeZone, siteId, zoneId, region } = station.registration;
    const version = clock();
    const selection = { by: 'station', value: stationId, fromAt: fromAt - LONGEST_SESSION_MS, toAt } as const;
    const ended = (await sessions.all(selection)).filter((session) => session.connectorType === connectorType);
    const open = station.connectors
      .filter(({ place }) => place.connectorType === connectorType)
      .flatMap(({ live }) => live?.session ?? []);
    const fresh = rollUpRevenue(key, timeZone, ended, open, fromAt, toAt, version).map((row) => ({
      ...row,
      labels: { ...row.labels, siteId, zoneId, region },
    }));
    const stored = await windows.read(stationRevenue1h.name, [key], fromAt, toAt);
    await put(replacing(stored, fresh, version, () => stationRevenue1h.measure([])));
  };

  /** Once an hour is over, energy of sessions that are still running belongs into it. */
  const liveRevenue = async (fleet: readonly FleetStation[], now: number): Promise<void> => {
    const hour = floor(now, HOUR_MS);
    if (now - hour > 5 * MINUTE_MS) return;
    const keys = fleet.flatMap(({ registration, connectors }) =>
      connectors
        .filter(({ live }) => live?.session !== undefined)
        .map(({ place }) => `${registration.stationId}#${place.connectorType}`),
    );
    for (const key of new Set(keys)) await revenue(fleet, key, hour - HOUR_MS, hour);
  };

  const loadHour = async (
    fleet: readonly FleetStation[],
    siteIds: ReadonlySet<string>,
    fromAt: number,
  ): Promise<void> => {
    const { places, stations } = loadConcern(fleet, siteIds);
    const toAt = Math.min(fromAt + HOUR_MS, floor(clock(), MINUTE_MS));
    const version = clock();
    const paths = stations.flatMap(({ connectors }) => connectors.map(({ path }) => path));
    const rows = await windows.read(connector1m.name, paths, fromAt, toAt);
    const stored: Window[] = [];
    for (const series of [stationLoad1m.name, siteLoad1m.name, zoneLoad1m.name]) {
      const keys = [...places].flatMap((place) =>
        place.startsWith(`${series}#`) ? place.slice(series.length + 1) : [],
      );
      stored.push(...(await windows.read(series, keys, fromAt, toAt)));
    }
    const idle = ({ measures: { stations: count = 0, connectors = 0, capacityW = 0 } }: Window) =>
      placeLoad({ ...noLoad, stations: count, connectors, capacityW });
    await put(replacing(stored, rollUpLoad(stations, rows, fromAt, toAt, version, places), version, idle));
  };

  const availabilityDay = async (fleet: readonly FleetStation[], key: string, fromAt: number): Promise<void> => {
    const connectors = availabilityMembers(fleet.flatMap((station) => station.connectors)).get(key) ?? [];
    if (connectors.length === 0) return;
    const toAt = Math.min(fromAt + DAY_MS, floor(clock(), FIVE_MIN_MS));
    const version = clock();
    const marks: (readonly StatusMark[])[] = [];
    for (const { path } of connectors) marks.push(await timeline.marks(path, fromAt, toAt));
    const stored = await windows.read('network_availability_5m', [key], fromAt, toAt);
    await put(
      replacing(stored, rollUpAvailability(key, marks, fromAt, toAt, version), version, ({ measures }) => measures),
    );
  };

  /** Repeats what marks of one kind, key and start ask for; marks of loads may name several sites. */
  const again = async (fleet: readonly FleetStation[], marks: readonly PendingMark[]): Promise<void> => {
    const [mark] = marks;
    if (mark === undefined) return;
    const { kind, key, startAt } = mark;
    if (kind === 'load') return loadHour(fleet, new Set(marks.map((other) => other.key)), startAt);
    if (kind === 'availability') return availabilityDay(fleet, key, startAt);
    if (kind === 'revenue') return revenue(fleet, key, startAt, startAt + DAY_MS);
    const connector = fleet.flatMap(({ connectors }) => connectors).find(({ path }) => path === key);
    if (connector !== undefined) await uptimeDay(connector, fleet, startAt);
  };

  return { liveLoad, liveAvailability, liveRevenue, uptimeDay, again };
};
