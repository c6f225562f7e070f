import { type FleetStation, fleetOf } from '../../domain/fleet/fleet-station.ts';
import type { Registration } from '../../domain/registry/registration.ts';
import { groupsOf } from '../../domain/windows/groups-of.ts';
import { storedUntil } from '../../domain/windows/on-read.ts';
import { recompute } from '../../domain/windows/recompute.ts';
import { seriesNamed } from '../../domain/windows/series/index.ts';
import { isRolledUp, type RolledUp, type RowsOnRead, type Series } from '../../domain/windows/series.ts';
import { inOrder, type Window } from '../../domain/windows/window.ts';
import type { LiveConnectors } from '../ports/live-network.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { readMinutes } from './read-inputs.ts';

export type ReadWindowsPorts = {
  readonly windows: Pick<WindowStore, 'read'>;
  readonly registry: Pick<StationRegistry, 'find' | 'list'>;
  readonly connectors: LiveConnectors;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/**
 * Windows for whoever asks: those that are stored, and those computed on read from the minutes of the connectors and from what
 * open sessions were last known to draw. A row says what the sweep would have written at this moment.
 */
export const readWindows = (ports: ReadWindowsPorts): Pick<WindowStore, 'read'> => {
  const { windows, registry, connectors, clock } = ports;

  const registrationsOf = async (keyNames: RowsOnRead['keyNames'], key: string): Promise<readonly Registration[]> => {
    if (keyNames === 'site') return registry.list(key);
    const found = await registry.find(key);
    return found === undefined ? [] : [found];
  };

  const fleetNamed = async (keyNames: RowsOnRead['keyNames'], key: string): Promise<readonly FleetStation[]> => {
    const registrations = await registrationsOf(keyNames, key);
    return fleetOf(registrations, await (keyNames === 'site' ? connectors.ofSite(key) : connectors.ofStation(key)));
  };

  const computed = async (
    series: Series<RolledUp>,
    keyNames: RowsOnRead['keyNames'],
    key: string,
    fromAt: number,
    toAt: number,
  ): Promise<readonly Window[]> => {
    const now = clock();
    const fleet = await fleetNamed(keyNames, key);
    const group = groupsOf(series.source, fleet).find((one) => one.key === key);
    if (group === undefined) return [];
    const spans = series.source
      .calendar(group.timeZone, fromAt, toAt)
      .filter(({ startAt, endAt }) => startAt >= fromAt && startAt < toAt && endAt <= now);
    const [first, last] = [spans[0], spans.at(-1)];
    if (first === undefined || last === undefined) return [];
    const inputs = await readMinutes(ports, { ...group, startAt: first.startAt, endAt: last.endAt });
    return recompute(series, group, inputs, spans, now).flatMap(({ row, isEmpty }) => (isEmpty ? [] : [row]));
  };

  return {
    read: async (name, keys, fromAt, toAt) => {
      const series = seriesNamed(name);
      if (series === undefined || !isRolledUp(series) || series.source.onRead === undefined)
        return windows.read(name, keys, fromAt, toAt);
      const { keyNames } = series.source.onRead;
      const until = storedUntil(series.source, clock());
      const stored = fromAt < until ? await windows.read(name, keys, fromAt, Math.min(toAt, until)) : [];
      if (toAt <= until) return stored;
      const fresh = await Promise.all(
        [...new Set(keys)].map((key) => computed(series, keyNames, key, Math.max(fromAt, until), toAt)),
      );
      return inOrder([...stored, ...fresh.flat()]);
    },
  };
};
