import type { Connector } from '../connector/connector.ts';
import type { FleetConnector, FleetStation } from '../fleet/fleet.ts';
import { type ConnectorLoad, placeLoad } from './load.ts';
import { rowMinute } from './minute-row.ts';
import { siteLoad1m } from './site-load-1m.ts';
import { stationLoad1m } from './station-load-1m.ts';
import type { Window } from './window.ts';
import { zoneLoad1m } from './zone-load-1m.ts';

const MINUTE_MS = 60_000;

/** Whether an open session may be drawing power although nothing was heard for a while. */
const mayDraw = ({ status }: Connector): boolean =>
  status === 'charging' || status === 'occupied' || status === 'offline' || status === 'unknown';

/** What an open session was last known to draw, for a minute after its last word; nothing for one before it began. */
const carriedLoad = ({ stationId, live }: FleetConnector, minuteAt: number): ConnectorLoad | undefined => {
  const session = live?.session;
  if (live === undefined || session === undefined || session.startedAt >= minuteAt + MINUTE_MS) return undefined;
  // Between two readings every minute has its row; only what comes after the last one is open.
  if ((session.sampledAt ?? session.startedAt) >= minuteAt + MINUTE_MS) return undefined;
  const meanW = mayDraw(live) ? (session.powerW ?? 0) : 0;
  return { stationId, energyWh: meanW / 60, meanW, inSession: true, carried: true };
};

/** The load of a connector in a minute: its rows there, or what it was last known to draw; undefined where it drew nothing. */
export const connectorLoad = (
  connector: FleetConnector,
  rows: readonly Window[],
  minuteAt: number,
): ConnectorLoad | undefined => {
  if (rows.length === 0) return carriedLoad(connector, minuteAt);
  const sum = (measure: string): number => rows.reduce((total, { measures }) => total + (measures[measure] ?? 0), 0);
  const peaks = rows.flatMap(({ measures }) => measures.maxW ?? []);
  return {
    stationId: connector.stationId,
    energyWh: sum('energyWh'),
    meanW: sum('meanW'),
    ...(peaks.length === 0 ? {} : { maxW: Math.max(...peaks) }),
    inSession: rows.some(({ labels }) => labels.sessionId !== undefined),
    carried: false,
  };
};

type Place = { readonly series: string; readonly key: string; readonly labels: Readonly<Record<string, string>> };

/** The stations, sites and zones a change at some sites touches, by name, and all stations that count in any of them. */
export const loadConcern = (
  fleet: readonly FleetStation[],
  siteIds: ReadonlySet<string>,
): { readonly places: ReadonlySet<string>; readonly stations: readonly FleetStation[] } => {
  const touched = fleet.filter(({ registration }) => siteIds.has(registration.siteId));
  const places = new Set(touched.flatMap(placesOf).map(placeName));
  return {
    places,
    stations: fleet.filter((station) => placesOf(station).some((place) => places.has(placeName(place)))),
  };
};

const placeName = ({ series, key }: Pick<Place, 'series' | 'key'>): string => `${series}#${key}`;

const placesOf = ({ registration: { stationId, siteId, zoneId, region } }: FleetStation): Place[] => [
  { series: stationLoad1m.name, key: stationId, labels: { siteId, zoneId, region } },
  { series: siteLoad1m.name, key: siteId, labels: { zoneId, region } },
  { series: zoneLoad1m.name, key: zoneId, labels: {} },
];

/**
 * Load rows of stations, their sites and their zones for the minutes in [fromAt, toAt), recomputed from the rows of
 * connector_1m, for the `places` named or for all. `stations` must be all registered stations of these places: capacity counts
 * the silent ones too.
 * A place gets a row for a minute in which it had a session or drew anything: no row is no load.
 */
export const rollUpLoad = (
  stations: readonly FleetStation[],
  connectorRows: readonly Window[],
  fromAt: number,
  toAt: number,
  version: number,
  places?: ReadonlySet<string>,
): Window[] => {
  const rowsAt = Map.groupBy(connectorRows, ({ key, startAt }) => `${key}@${rowMinute(startAt)}`);
  const members = new Map<string, { place: Place; stations: FleetStation[] }>();
  for (const station of stations)
    for (const place of placesOf(station)) {
      const name = placeName(place);
      if (places !== undefined && !places.has(name)) continue;
      const known = members.get(name) ?? { place, stations: [] };
      known.stations.push(station);
      members.set(name, known);
    }
  const windows: Window[] = [];
  for (let minuteAt = fromAt; minuteAt < toAt; minuteAt += MINUTE_MS) {
    const loads = new Map<FleetStation, ConnectorLoad[]>();
    for (const station of stations)
      loads.set(
        station,
        station.connectors.flatMap(
          (connector) => connectorLoad(connector, rowsAt.get(`${connector.path}@${minuteAt}`) ?? [], minuteAt) ?? [],
        ),
      );
    for (const { place, stations: own } of members.values()) {
      const ofPlace = own.flatMap((station) => loads.get(station) ?? []);
      if (ofPlace.length === 0) continue;
      const measures = placeLoad({
        loads: ofPlace,
        stations: own.length,
        connectors: own.reduce((sum, { connectors }) => sum + connectors.length, 0),
        capacityW: own.reduce((sum, { capacityW }) => sum + capacityW, 0),
      });
      windows.push({ ...place, startAt: minuteAt, version, measures });
    }
  }
  return windows;
};
