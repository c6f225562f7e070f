import { portPath } from '../../fleet/fleet-station.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import { portIntervals } from '../../uptime/port-intervals.ts';
import { uptimeDay } from '../../uptime/uptime-day.ts';
import { uptimeMeasures } from '../../uptime/uptime-row.ts';
import { siteDays } from '../calendar.ts';
import { type RolledUp, rolledUp, type Series } from '../series.ts';

/** Minutes per status and exclusion reason of a connector per day of its site: what the legal reports read. */
export const uptime1d: Series<RolledUp> = {
  name: 'uptime_1d',
  // A day of the site has 23 to 25 hours; rows start where the day starts.
  sizeMs: DAY_MS,
  hopMs: DAY_MS,
  keyedBy: '`stationId#evseId#connectorId`; also `stationId#evseId` for an EVSE with several connectors',
  about: 'day of the site: 23, 24 or 25 hours; the first one from when the station was commissioned',
  measures: uptimeMeasures,
  source: rolledUp({
    inputs: ['statuses', 'exclusions'],
    keys: (connector) => {
      const { path, stationId, place } = connector;
      const labels = { stationId, siteId: place.siteId, region: place.region };
      return [path, portPath(connector)].map((key) => ({ key, labels, mark: stationId }));
    },
    calendar: siteDays,
    compute: ({ key, stations, connectors }, { statuses, exclusions }, day) => {
      // A port with a single connector is accounted under that connector's key.
      if (connectors.length === 1 && connectors[0]?.path !== key) return undefined;
      const commissionedAt = Math.min(...stations.map(({ registration }) => registration.commissionedAt ?? 0));
      if (commissionedAt >= day.endAt) return undefined;
      const startAt = Math.max(day.startAt, commissionedAt);
      const applying = stations
        .flatMap(exclusions)
        .filter(({ connectorKey }) =>
          connectors.every(
            ({ path, stationId }) => connectorKey === undefined || path === `${stationId}#${connectorKey}`,
          ),
        );
      return {
        measures: uptimeDay({
          startAt,
          endAt: day.endAt,
          intervals: portIntervals(connectors.map(statuses)),
          exclusions: applying,
        }),
      };
    },
    settleMs: 0,
    // Legal reports look back over a year.
    late: { mark: 'uptime', piece: siteDays, freshMs: 0, reachMs: 400 * DAY_MS },
  }),
};
