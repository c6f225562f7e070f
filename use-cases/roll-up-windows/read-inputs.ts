import pMap from 'p-map';
import { type StatusMark, statusIntervals } from '../../domain/availability/status-intervals.ts';
import type { CalendarSpan } from '../../domain/calendar/local-time.ts';
import type { FleetConnector, FleetStation } from '../../domain/fleet/fleet-station.ts';
import { LONGEST_SESSION_MS } from '../../domain/kernel/durations.ts';
import { rowMinute } from '../../domain/windows/minute-row-start.ts';
import { connector1m } from '../../domain/windows/series/connector-1m.ts';
import type { InputName, Inputs } from '../../domain/windows/series.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { ExclusionSettings } from '../ports/exclusion-settings.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Timeline } from '../ports/timeline.ts';
import type { WindowStore } from '../ports/window-store.ts';

export type InputPorts = {
  readonly windows: Pick<WindowStore, 'read'>;
  readonly sessions: Pick<SessionStore, 'all'>;
  readonly timeline: Pick<Timeline, 'marks'>;
  readonly exclusions: ExclusionSettings['of'];
};

/** What is to be computed: for whom, and over which time. */
export type Extent = CalendarSpan & {
  readonly stations: readonly FleetStation[];
  readonly connectors: readonly FleetConnector[];
};

const READS_AT_ONCE = 16;

const minutesOf = async (
  { windows }: Pick<InputPorts, 'windows'>,
  { connectors, startAt, endAt }: Extent,
): Promise<Inputs['minutes']> => {
  const paths = connectors.map(({ path }) => path);
  const rows = Map.groupBy(await windows.read(connector1m.name, paths, startAt, endAt), ({ key }) => key);
  const byMinute = new Map(
    [...rows].map(([key, ofKey]) => [key, Map.groupBy(ofKey, (row) => rowMinute(row.startAt))] as const),
  );
  const none: ReadonlyMap<number, readonly Window[]> = new Map();
  return ({ path }) => byMinute.get(path) ?? none;
};

/** A live item whose status has not changed since, nor was told late, tells it alone; one that never was has said nothing. */
const marksOf = async (
  { timeline }: InputPorts,
  { path, live }: FleetConnector,
  { startAt, endAt }: CalendarSpan,
): Promise<readonly StatusMark[]> => {
  if (live === undefined) return [];
  const { status, statusAt, toldLateUntil = statusAt } = live;
  return Math.max(statusAt, toldLateUntil) <= startAt
    ? [{ at: statusAt, status }]
    : await timeline.marks(path, startAt, endAt);
};

const statusesOf = async (ports: InputPorts, { connectors, ...span }: Extent): Promise<Inputs['statuses']> => {
  const { startAt, endAt } = span;
  const statuses = await pMap(
    connectors,
    async (connector) => {
      const marks = await marksOf(ports, connector, span);
      return [connector.path, statusIntervals(marks, startAt, endAt)] as const;
    },
    { concurrency: READS_AT_ONCE },
  );
  const byPath = new Map(statuses);
  return ({ path }) => byPath.get(path) ?? [];
};

const byStation = async <Value>(
  stations: readonly FleetStation[],
  read: (stationId: string) => Promise<readonly Value[]>,
): Promise<(station: FleetStation) => readonly Value[]> => {
  const ids = stations.map(({ registration }) => registration.stationId);
  const values = new Map(await pMap(ids, async (id) => [id, await read(id)] as const, { concurrency: READS_AT_ONCE }));
  return ({ registration }) => values.get(registration.stationId) ?? [];
};

const sessionsOf = ({ sessions }: InputPorts, { stations, startAt, endAt }: Extent): Promise<Inputs['sessions']> =>
  byStation(stations, (value) =>
    sessions.all({ by: 'station', value, fromAt: startAt - LONGEST_SESSION_MS, toAt: endAt }),
  );

const notDeclared = (input: InputName) => (): never => {
  throw new Error(`A series reads ${input}, which is not among its inputs`);
};

/** Minutes alone, which is all that series computed on read are made of. */
export const readMinutes = async (ports: Pick<InputPorts, 'windows'>, extent: Extent): Promise<Inputs> => ({
  minutes: await minutesOf(ports, extent),
  statuses: notDeclared('statuses'),
  sessions: notDeclared('sessions'),
  exclusions: notDeclared('exclusions'),
});

/** Reads what some series are computed from, once for all of them. */
export const readInputs = async (
  ports: InputPorts,
  names: ReadonlySet<InputName>,
  extent: Extent,
): Promise<Inputs> => ({
  minutes: names.has('minutes') ? await minutesOf(ports, extent) : notDeclared('minutes'),
  statuses: names.has('statuses') ? await statusesOf(ports, extent) : notDeclared('statuses'),
  sessions: names.has('sessions') ? await sessionsOf(ports, extent) : notDeclared('sessions'),
  exclusions: names.has('exclusions') ? await byStation(extent.stations, ports.exclusions) : notDeclared('exclusions'),
});
