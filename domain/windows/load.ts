import type { Measures } from '../kernel/measures.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';

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

export const noLoad: PlaceLoad = { loads: [], stations: 0, connectors: 0, capacityW: 0 };

export const loadMeasures = {
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
  const loadW = loads.reduce((sum, load) => sum + load.meanW, 0);
  const delivering = loads.filter((load) => load.meanW > 0);
  return omitUndefined({
    loadW,
    energyWh: loads.reduce((sum, load) => sum + load.energyWh, 0),
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
