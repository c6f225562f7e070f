import type { CalendarSpan } from '../../domain/calendar/local-time.ts';
import type { FleetConnector } from '../../domain/fleet/fleet-station.ts';
import type { FleetGroups } from '../../domain/windows/groups-of.ts';
import { rowDelayMs } from '../../domain/windows/on-read.ts';
import { type Recomputed, recompute, replacing } from '../../domain/windows/recompute.ts';
import { type Group, isSpanning, type RolledUp, type Series } from '../../domain/windows/series.ts';
import type { Share } from '../../domain/windows/share.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { type PutRows, rowsPut } from './put-rows.ts';
import { type InputPorts, readInputs } from './read-inputs.ts';

export type RollUpPorts = InputPorts & {
  readonly windows: WindowStore;
  /** ms since the epoch: rows are versioned by the moment their input was read, so that of two runs the better informed wins. */
  readonly clock: () => number;
  readonly warn: SampledWarning;
};

/** Series that are computed together, from one reading of their inputs. */
export type Family = readonly Series<RolledUp>[];

/** Some windows of one key of a series. */
type Task = { readonly series: Series<RolledUp>; readonly group: Group; readonly windows: readonly CalendarSpan[] };

/** The windows of a series that are to be computed, by the zone of a key. */
export type WindowsOf = (series: Series<RolledUp>, timeZone: string) => readonly CalendarSpan[];

/** Calendars fail for a zone that there is not: its keys have no windows, all others do. */
const inZone = (series: Series<RolledUp>, timeZone: string, windowsOf: WindowsOf, warn: SampledWarning) => {
  try {
    return windowsOf(series, timeZone);
  } catch (error) {
    warn('noSuchTimeZone', { series: series.name, timeZone, error: String(error) });
    return [];
  }
};

/** The keys of a family's series that have windows to compute. */
export const tasksOf = (
  family: Family,
  groupsOf: (series: Series<RolledUp>) => readonly Group[],
  windowsOf: WindowsOf,
  warn: SampledWarning,
): readonly Task[] =>
  family.flatMap((series) => {
    const byZone = new Map<string, readonly CalendarSpan[]>();
    return groupsOf(series).flatMap((group) => {
      const windows = byZone.get(group.timeZone) ?? inZone(series, group.timeZone, windowsOf, warn);
      byZone.set(group.timeZone, windows);
      return windows.length === 0 ? [] : [{ series, group, windows }];
    });
  });

const extentOf = (windows: readonly CalendarSpan[]): CalendarSpan => ({
  startAt: windows.reduce((first, { startAt }) => Math.min(first, startAt), Number.POSITIVE_INFINITY),
  endAt: windows.reduce((last, { endAt }) => Math.max(last, endAt), Number.NEGATIVE_INFINITY),
});

const shareOf = (
  { series, group: { key, timeZone, marks } }: Task,
  rows: readonly Recomputed[],
  isQuiet: boolean,
): Share => {
  const [mark = key] = marks;
  return { series: series.name, key, timeZone, mark, isQuiet, rows };
};

/**
 * Puts the rows of some keys so that the store holds them, and nothing else, in the windows' time. What is on record of a key
 * of which nothing was computed stays: it may be of a station that stood there before.
 */
export const replaceRows =
  (windows: Pick<WindowStore, 'read'>, put: PutRows) =>
  async (
    { name, source }: Series<RolledUp>,
    byKey: ReadonlyMap<string, readonly Recomputed[]>,
    span: CalendarSpan,
  ): Promise<void> => {
    const rows = [...byKey.values()].flat();
    const [first] = rows;
    if (first === undefined) return;
    const keys = [...byKey].flatMap(([key, ofKey]) => (ofKey.length === 0 ? [] : [key]));
    const stored: readonly Window[] = await windows.read(name, keys, span.startAt, span.endAt);
    await put(replacing(stored, rows, first.row.version, source.outlasts));
  };

/**
 * Reads and computes windows of a family in one part of the fleet: those every run computes, and those that marks name. Rows
 * of keys of one station are written; of a key that may have stations in other parts a share is returned.
 */
export const rollUp = (ports: RollUpPorts) => {
  const { put, putChanged } = rowsPut(ports.windows, ports.warn);
  const replace = replaceRows(ports.windows, put);

  const computed = async (
    tasks: readonly Task[],
    isRead: (connector: FleetConnector) => boolean,
    version: number,
  ): Promise<(readonly [Task, Recomputed[]])[]> => {
    const connectors = new Set(tasks.flatMap(({ group }) => group.connectors.filter(isRead)));
    const ids = new Set([...connectors].map(({ stationId }) => stationId));
    const stations = new Set(tasks.flatMap(({ group }) => group.stations));
    const inputs = await readInputs(ports, new Set(tasks.flatMap(({ series }) => series.source.inputs)), {
      ...extentOf(tasks.flatMap(({ windows }) => windows)),
      connectors: [...connectors],
      stations: [...stations].filter(({ registration }) => ids.has(registration.stationId)),
    });
    return tasks.flatMap((task) => {
      const { series, group, windows } = task;
      try {
        return [[task, recompute(series, group, inputs, windows, version)] as const];
      } catch (error) {
        // What was read will be the same the next time: one key must not keep all others from being computed.
        ports.warn('windowsNotComputed', { series: series.name, key: group.key, error: String(error) });
        return [];
      }
    });
  };

  /** Computes windows of the last minutes, for connectors in which something may have happened. Writes what has changed. */
  const live = async (
    family: Family,
    groups: FleetGroups,
    sinceAt: number,
    windowsOf: WindowsOf,
  ): Promise<readonly Share[]> => {
    const isRead = (connector: FleetConnector): boolean =>
      family.some(({ source }) => source.isQuiet?.(connector, sinceAt - rowDelayMs(source)) !== true);
    const isActive = ({ connectors }: Group): boolean => connectors.some(isRead);
    const isWanted = (series: Series<RolledUp>) => (group: Group) => isSpanning(series) || isActive(group);
    const wanted = tasksOf(family, (series) => groups.of(series).filter(isWanted(series)), windowsOf, ports.warn);
    // Nothing happened in a quiet part, in any of the windows: one says it for all.
    const tasks = wanted.map((task) => (isActive(task.group) ? task : { ...task, windows: task.windows.slice(0, 1) }));
    if (tasks.length === 0) return [];
    const rows = await computed(tasks, isRead, ports.clock());
    const own = rows.filter(([{ series }]) => !isSpanning(series));
    await putChanged(own.flatMap(([, fresh]) => fresh.flatMap(({ row, isEmpty }) => (isEmpty ? [] : [row]))));
    return rows.flatMap(([task, fresh]) =>
      isSpanning(task.series) ? [shareOf(task, fresh, !isActive(task.group))] : [],
    );
  };

  /** Computes windows that marks with some keys name again, so that the store holds what comes out and nothing else. */
  const again = async (
    family: Family,
    groups: FleetGroups,
    keys: ReadonlySet<string>,
    windowsOf: WindowsOf,
  ): Promise<readonly Share[]> => {
    const tasks = tasksOf(family, (series) => groups.marked(series, keys), windowsOf, ports.warn);
    if (tasks.length === 0) return [];
    const fresh = await computed(tasks, () => true, ports.clock());
    const own = fresh.filter(([{ series }]) => !isSpanning(series));
    // Keys of one zone share their windows. By another clock a window may begin among these that is not computed now.
    for (const [windows, ofZone] of Map.groupBy(own, ([task]) => task.windows))
      for (const [series, ofSeries] of Map.groupBy(ofZone, ([task]) => task.series))
        await replace(series, new Map(ofSeries.map(([{ group }, rows]) => [group.key, rows])), extentOf(windows));
    return fresh.flatMap(([task, rows]) => (isSpanning(task.series) ? [shareOf(task, rows, false)] : []));
  };

  return { live, again };
};
