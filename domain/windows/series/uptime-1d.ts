import { portPath } from '../../fleet/fleet-station.ts';
import { DAY_MS, STATUSES_KEPT_MS } from '../../kernel/durations.ts';
import { portIntervals } from '../../uptime/port-intervals.ts';
import { uptimeDay } from '../../uptime/uptime-day.ts';
import { knowsMore, uptimeMeasures } from '../../uptime/uptime-row.ts';
import { siteDays } from '../calendar.ts';
import { type RolledUp, rolledUp, type Series } from '../series.ts';

/**
 * Statuses of this time are on record, ms: time of it is unknown only where a station said so. Later, the one that held at the
 * start of a day may have been told so long before that it is forgotten.
 */
const SURELY_TOLD_MS = 35 * DAY_MS;

/** Minutes per status and exclusion reason of a connector per day of its site: what the legal reports read. */
export const uptime1d: Series<RolledUp> = {
  name: 'uptime_1d',
  // A day of the site has 23 to 25 hours; rows start where the day starts.
  sizeMs: DAY_MS,
  hopMs: DAY_MS,
  keyedBy: '`stationId#evseId#connectorId`; also `stationId#evseId` for an EVSE with several connectors',
  about: 'day of the site: 23, 24 or 25 hours; the first one from when it went into service',
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
      // A port with a single connector is accounted under that connector's key: what it had as a port is taken back.
      if (connectors.length === 1 && connectors[0]?.path !== key) return { measures: {}, isEmpty: true };
      const fromAt = Math.min(...connectors.map(({ inServiceFrom }) => inServiceFrom));
      if (fromAt >= day.endAt) return undefined;
      const startAt = Math.max(day.startAt, fromAt);
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
    // The legal record of a day is kept for good, the statuses it was computed from are not.
    outlasts: (stored, fresh) =>
      fresh.version - fresh.startAt > SURELY_TOLD_MS && knowsMore(stored.measures, fresh.measures),
    // Legal reports look back over a year.
    late: { mark: 'uptime', piece: siteDays, freshMs: 0, reachMs: STATUSES_KEPT_MS },
  }),
};
