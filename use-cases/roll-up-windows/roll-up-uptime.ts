import { type StatusInterval, statusIntervals } from '../../domain/availability/status-intervals.ts';
import { localDay } from '../../domain/calendar/local-time.ts';
import { type FleetConnector, type FleetStation, portPath, samePort } from '../../domain/fleet/fleet.ts';
import { portIntervals } from '../../domain/uptime/port-intervals.ts';
import type { Exclusion } from '../../domain/uptime/uptime-row.ts';
import { uptime1d } from '../../domain/windows/uptime-1d.ts';
import type { Window } from '../../domain/windows/window.ts';
import type { Timeline } from '../ports/timeline.ts';

export type UptimePorts = {
  readonly put: (windows: readonly Window[]) => Promise<void>;
  readonly timeline: Pick<Timeline, 'marks'>;
  readonly exclusions: (stationId: string) => Promise<readonly (Exclusion & { readonly connectorKey?: string })[]>;
  /** ms since the epoch. */
  readonly clock: () => number;
};

/**
 * Uptime of one connector for the local day an instant lies in, and of its port where that has several; nothing for a day
 * that is not over.
 */
export const rollUpUptime =
  ({ put, timeline, exclusions, clock }: UptimePorts) =>
  async (connector: FleetConnector, fleet: readonly FleetStation[], at: number): Promise<void> => {
    const { path, stationId, place } = connector;
    const { startAt, endAt } = localDay(place.timeZone, at);
    const version = clock();
    if (endAt > version) return;
    const declared = await exclusions(stationId);
    const intervalsOf = async (one: FleetConnector): Promise<StatusInterval[]> =>
      statusIntervals(await timeline.marks(one.path, startAt, endAt), startAt, endAt);
    const row = (key: string, intervals: readonly StatusInterval[], excluded: readonly Exclusion[]): Window => ({
      series: uptime1d.name,
      key,
      startAt,
      version,
      measures: uptime1d.measure({ startAt, endAt, intervals, exclusions: excluded }),
      labels: { stationId, siteId: place.siteId, region: place.region },
    });
    const applying = declared.filter(
      ({ connectorKey }) => connectorKey === undefined || path === `${stationId}#${connectorKey}`,
    );
    const rows = [row(path, await intervalsOf(connector), applying)];
    const port = samePort(fleet, connector);
    if (port.length > 1) {
      const ofPort = portIntervals(await Promise.all(port.map(intervalsOf)));
      const ofStation = declared.filter(({ connectorKey }) => connectorKey === undefined);
      rows.push(row(portPath(connector), ofPort, ofStation));
    }
    await put(rows);
  };
