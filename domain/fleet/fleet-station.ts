import type { Connector } from '../connector/connector.ts';
import { connectorPath, connectorSortKey } from '../kernel/connector-key.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { inServiceFrom } from '../registry/in-service-from.ts';
import { type Make, type Place, placeOf } from '../registry/place.ts';
import type { Registration } from '../registry/registration.ts';

/** A connector of a registered station, with its live item if it has one. */
export type FleetConnector = {
  readonly path: string;
  readonly stationId: string;
  readonly place: Place;
  /** Whether the registry names it: stations tell of others, too, and cars charge there. */
  readonly isRegistered: boolean;
  /** When it went into service, ms since the epoch; 0 where nobody knows. */
  readonly inServiceFrom: number;
  readonly live?: Connector;
};

/** A station of the registry with its connectors. */
export type FleetStation = {
  readonly registration: Registration;
  /** What the station may draw: its contract, or what its connectors are rated for together. */
  readonly capacityW: number;
  readonly connectors: readonly FleetConnector[];
};

/**
 * The registry joined with the live items: every registered connector, whether or not anything was ever heard of it, and those
 * that registered stations told of beside them. `told` is what a station said of itself.
 */
export const fleetOf = (
  registrations: readonly Registration[],
  connectors: readonly Connector[],
  told: (stationId: string) => Make | undefined = () => undefined,
): FleetStation[] => {
  const byStation = Map.groupBy(connectors, ({ stationId }) => stationId);
  return registrations.map((registration) => {
    const { stationId } = registration;
    const live = new Map((byStation.get(stationId) ?? []).map((item) => [connectorSortKey(item), item]));
    const registered = new Set(registration.connectors.map(connectorSortKey));
    const others = [...live.values()].filter((item) => !registered.has(connectorSortKey(item)));
    return {
      registration,
      capacityW: registration.contractMaxW ?? registration.connectors.reduce((sum, { ratedW }) => sum + ratedW, 0),
      connectors: [...registration.connectors, ...others].map((connector): FleetConnector => {
        const { evseId, connectorId } = connector;
        const key = { stationId, evseId, connectorId };
        return {
          path: connectorPath(key),
          stationId,
          place: placeOf(registration, key, told(stationId)),
          isRegistered: registered.has(connectorSortKey(key)),
          inServiceFrom: inServiceFrom(registration, 'addedAt' in connector ? connector : {}) ?? 0,
          ...omitUndefined({ live: live.get(connectorSortKey(key)) }),
        };
      }),
    };
  });
};

/** Key of a connector's port: stationId#evseId. */
export const portPath = ({ path }: Pick<FleetConnector, 'path'>): string => path.slice(0, path.lastIndexOf('#'));
