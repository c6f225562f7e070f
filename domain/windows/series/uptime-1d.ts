import { portPath } from '../../fleet/fleet-station.ts';
import { DAY_MS, STATUSES_KEPT_MS } from '../../kernel/durations.ts';
import { servedSince } from '../../registry/in-service-from.ts';
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
    // Connectors that were removed count on days on which their station had them.
    countsUnregistered: true,
    calendar: siteDays,
    compute: ({ key, stations, connectors: all }, { statuses, exclusions }, day) => {
      const served = stations.flatMap(({ registration }) =>
        all.flatMap((connector) => {
          const fromAt = servedSince(registration, connector.path, day.endAt);
          return fromAt === undefined ? [] : [{ connector, fromAt }];
        }),
      );
      const connectors = served.map(({ connector }) => connector);
      const [first] = connectors;
      // A port with a single connector is accounted under that connector's key.
      if (first === undefined || (connectors.length === 1 && first.path !== key)) return undefined;
      const fromAt = Math.min(...served.map((each) => each.fromAt));
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
