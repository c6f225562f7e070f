import type { Connector } from '../connector/connector.ts';
import type { FleetConnector } from '../fleet/fleet-station.ts';
import { LONGEST_SESSION_MS, MINUTE_MS } from '../kernel/durations.ts';
import type { Measures } from '../kernel/measures.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { sum } from '../kernel/sum.ts';
import { minutes, utcHours } from './calendar.ts';
import { type Located, type RolledUp, type RowsOnRead, rolledUp, type Series } from './series.ts';
import type { Window } from './window.ts';

/** What one connector drew in one minute, as the roll-ups see it. */
export type ConnectorLoad = {
  readonly stationId: string;
  readonly energyWh: number;
  readonly meanW: number;
  readonly maxW?: number;
  readonly inSession: boolean;
  /** The minute has no row of its own yet: the last known power of an open session was carried forward. */
  readonly carried: boolean;
};

/** A place's minute: its connectors' loads, and its registry whether or not anything reported. */
export type PlaceLoad = {
  readonly loads: readonly ConnectorLoad[];
  readonly stations: number;
  readonly connectors: number;
  /** Sum over ALL registered stations. */
  readonly capacityW: number;
};

const loadMeasures = {
  loadW: 'sum of the connectors’ mean powers',
  energyWh: 'sum of the connectors’ energy',
  meanConnectorW: 'mean power of a connector that delivered',
  maxConnectorW: 'highest sample of any connector',
  activeSessions: 'connectors in a session',
  activeConnectors: 'connectors that delivered',
  activeStations: 'stations that delivered',
  carriedConnectors: 'connectors whose last known power was carried forward',
  stations: 'registered stations',
  connectors: 'registered connectors',
  capacityW: 'capacity of all registered stations',
  utilisationPercent: 'load as part of that capacity',
} as const;

/**
 * Load of a place in one minute. Connectors' means are summed, never their samples: a meter that reports six times a
 * minute does not draw six times the power; and capacity counts stations that said nothing.
 */
export const placeLoad = ({ loads, stations, connectors, capacityW }: PlaceLoad): Measures => {
  const loadW = sum(loads.map((load) => load.meanW));
  const delivering = loads.filter((load) => load.meanW > 0);
  return omitUndefined({
    loadW,
    energyWh: sum(loads.map((load) => load.energyWh)),
    meanConnectorW: delivering.length === 0 ? undefined : loadW / delivering.length,
    maxConnectorW: delivering.length === 0 ? undefined : Math.max(...delivering.map((load) => load.maxW ?? load.meanW)),
    activeSessions: loads.filter((load) => load.inSession).length,
    activeConnectors: delivering.length,
    activeStations: new Set(delivering.map((load) => load.stationId)).size,
    carriedConnectors: loads.filter((load) => load.carried).length,
    stations,
    connectors,
    capacityW,
    utilisationPercent: capacityW > 0 ? (100 * loadW) / capacityW : undefined,
  });
};

/** The load of a place in one minute from those of its parts, which share no station. */
const combinedLoad = (parts: readonly Measures[]): Measures => {
  const sumOf = (measure: keyof typeof loadMeasures): number => sum(parts.map((measures) => measures[measure] ?? 0));
  const [loadW, activeConnectors, capacityW] = [sumOf('loadW'), sumOf('activeConnectors'), sumOf('capacityW')];
  const peaks = parts.flatMap(({ maxConnectorW }) => maxConnectorW ?? []);
  return omitUndefined({
    loadW,
    energyWh: sumOf('energyWh'),
    meanConnectorW: activeConnectors === 0 ? undefined : loadW / activeConnectors,
    maxConnectorW: peaks.length === 0 ? undefined : Math.max(...peaks),
    activeSessions: sumOf('activeSessions'),
    activeConnectors,
    activeStations: sumOf('activeStations'),
    carriedConnectors: sumOf('carriedConnectors'),
    stations: sumOf('stations'),
    connectors: sumOf('connectors'),
    capacityW,
    utilisationPercent: capacityW > 0 ? (100 * loadW) / capacityW : undefined,
  });
};

/** Whether an open session may be drawing power although nothing was heard for a while. */
const mayDraw = ({ status }: Connector): boolean =>
  status === 'charging' || status === 'occupied' || status === 'offline' || status === 'unknown';

/**
 * Until when the minutes of an open session are told, ms since the epoch: its last reading, or the one before a register that
 * is in doubt, whose energy no minute has until another reading has borne it out.
 */
const minutesToldUntil = ({
  session,
  minute,
}: Pick<Connector, 'minute'> & { readonly session: NonNullable<Connector['session']> }): number =>
  (minute?.sessionId === session.sessionId ? minute.registerAt : undefined) ?? session.sampledAt ?? session.startedAt;

/** What an open session was last known to draw, for a minute after its last word; nothing for one before it began. */
const carriedLoad = ({ stationId, live }: FleetConnector, minuteAt: number): ConnectorLoad | undefined => {
  const session = live?.session;
  if (live === undefined || session === undefined || session.startedAt >= minuteAt + MINUTE_MS) return undefined;
  // Between two readings every minute has its row; only what comes after the last one is open.
  if (minutesToldUntil({ ...live, session }) >= minuteAt + MINUTE_MS) return undefined;
  const meanW = mayDraw(live) ? (session.powerW ?? 0) : 0;
  return { stationId, energyWh: meanW / 60, meanW, inSession: true, carried: true };
};

/** The load of a connector in a minute: its rows there, or what it was last known to draw; undefined where it drew nothing. */
const connectorLoad = (
  connector: FleetConnector,
  rows: readonly Window[] | undefined,
  minuteAt: number,
): ConnectorLoad | undefined => {
  if (rows === undefined) return carriedLoad(connector, minuteAt);
  const sumOf = (measure: string): number => sum(rows.map(({ measures }) => measures[measure] ?? 0));
  const peaks = rows.flatMap(({ measures }) => measures.maxW ?? []);
  return {
    stationId: connector.stationId,
    energyWh: sumOf('energyWh'),
    meanW: sumOf('meanW'),
    ...omitUndefined({ maxW: peaks.length === 0 ? undefined : Math.max(...peaks) }),
    inSession: rows.some(({ labels }) => labels.sessionId !== undefined),
    carried: false,
  };
};

const isQuiet = ({ live }: FleetConnector, sinceAt: number): boolean =>
  live === undefined ||
  (live.session === undefined && live.minute === undefined && live.recent.every(({ endedAt }) => endedAt < sinceAt));

/** A series of load per minute over the connectors of a place, by the place's key. */
export const loadSeries = (
  of: Pick<Series, 'name' | 'keyedBy' | 'about'> & {
    readonly key: (connector: Located) => string;
    readonly labels?: (connector: Located) => Window['labels'];
    /** Key of the marks of late data; default: one for each key of the series. */
    readonly mark?: (connector: Located) => string;
    readonly onRead?: RowsOnRead;
  },
): Series<RolledUp> => {
  const { name, keyedBy, about, key, labels = () => ({}), onRead } = of;
  const mark = of.mark ?? ((connector: Located) => `${name}#${key(connector)}`);
  return {
    name,
    keyedBy,
    about,
    sizeMs: MINUTE_MS,
    hopMs: MINUTE_MS,
    keptDays: 400,
    measures: loadMeasures,
    source: rolledUp({
      inputs: ['minutes'],
      keys: (connector) => [{ key: key(connector), labels: labels(connector), mark: mark(connector) }],
      countsUnregistered: true,
      calendar: minutes,
      compute: ({ stations, connectors }, { minutes: rowsOf }, { startAt }) => {
        const loads = connectors.flatMap(
          (connector) => connectorLoad(connector, rowsOf(connector).get(startAt), startAt) ?? [],
        );
        const capacityW = sum(stations.map((station) => station.capacityW));
        return {
          measures: placeLoad({
            loads,
            stations: stations.length,
            connectors: connectors.filter(({ isRegistered }) => isRegistered).length,
            capacityW,
          }),
          isEmpty: loads.length === 0,
        };
      },
      merge: combinedLoad,
      settleMs: 4 * MINUTE_MS,
      isQuiet,
      late: { mark: 'load', piece: utcHours, freshMs: 3 * MINUTE_MS, reachMs: LONGEST_SESSION_MS },
      ...omitUndefined({ onRead }),
    }),
  };
};
