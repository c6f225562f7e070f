import type { CalendarSpan } from '../../domain/calendar/local-time.ts';
import type { FleetConnector, FleetStation } from '../../domain/fleet/fleet-station.ts';
import { groupsOf } from '../../domain/windows/groups-of.ts';
import { rowDelayMs } from '../../domain/windows/on-read.ts';
import { type Recomputed, recompute, replacing } from '../../domain/windows/recompute.ts';
import type { Group, RolledUp, Series } from '../../domain/windows/series.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { putChangedRows, putRows } from './put-rows.ts';
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

/** The keys of a family's series in a fleet that have windows to compute. */
export const tasksOf = (
  family: Family,
  fleet: readonly FleetStation[],
  concerns: (group: Group) => boolean,
  windowsOf: WindowsOf,
  warn: SampledWarning,
): readonly Task[] =>
  family.flatMap((series) => {
    const byZone = new Map<string, readonly CalendarSpan[]>();
    return groupsOf(series.source.keys, fleet).flatMap((group) => {
      if (!concerns(group)) return [];
      const windows = byZone.get(group.timeZone) ?? inZone(series, group.timeZone, windowsOf, warn);
      byZone.set(group.timeZone, windows);
      return windows.length === 0 ? [] : [{ series, group, windows }];
    });
  });

const extentOf = (windows: readonly CalendarSpan[]): CalendarSpan => ({
  startAt: windows.reduce((first, { startAt }) => Math.min(first, startAt), Number.POSITIVE_INFINITY),
  endAt: windows.reduce((last, { endAt }) => Math.max(last, endAt), Number.NEGATIVE_INFINITY),
});

/** Reads, computes and writes windows of a family: those every run computes, and those that marks name. */
export const rollUp = (ports: RollUpPorts) => {
  const put = putRows(ports.windows, ports.warn);
  /** For windows that every run computes: what another run wrote meanwhile came from the same rows. */
  const putChanged = putChangedRows(put);

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
  const live = async (family: Family, fleet: readonly FleetStation[], sinceAt: number, windowsOf: WindowsOf) => {
    const isRead = (connector: FleetConnector): boolean =>
      family.some(({ source }) => source.isQuiet?.(connector, sinceAt - rowDelayMs(source)) !== true);
    const tasks = tasksOf(family, fleet, ({ connectors }) => connectors.some(isRead), windowsOf, ports.warn);
    if (tasks.length === 0) return;
    const rows = await computed(tasks, isRead, ports.clock());
    await putChanged(rows.flatMap(([, fresh]) => fresh.flatMap(({ row, isEmpty }) => (isEmpty ? [] : [row]))));
  };

  /** Computes windows again, so that the store holds what comes out and nothing else. */
  const again = async (
    family: Family,
    fleet: readonly FleetStation[],
    concerns: (group: Group) => boolean,
    windowsOf: WindowsOf,
  ) => {
    const tasks = tasksOf(family, fleet, concerns, windowsOf, ports.warn);
    if (tasks.length === 0) return;
    const version = ports.clock();
    const fresh = await computed(tasks, () => true, version);
    for (const [series, ofSeries] of Map.groupBy(fresh, ([task]) => task.series)) {
      const { startAt, endAt } = extentOf(ofSeries.flatMap(([{ windows }]) => windows));
      const keys = ofSeries.map(([{ group }]) => group.key);
      const stored: readonly Window[] = await ports.windows.read(series.name, keys, startAt, endAt);
      await put(
        replacing(
          stored,
          ofSeries.flatMap(([, rows]) => rows),
          version,
        ),
      );
    }
  };

  return { live, again };
};
