import type { Connector } from '../connector/connector.ts';
import { connectorPath, connectorSortKey } from '../kernel/connector-key.ts';
import { type Place, placeOf } from '../registry/place.ts';
import type { Registration } from '../registry/registration.ts';

/** One registered connector, with its live item if it has one. */
export type FleetConnector = {
  readonly path: string;
  readonly stationId: string;
  readonly place: Place;
  readonly live?: Connector;
};

/** A station of the registry with its connectors. */
export type FleetStation = {
  readonly registration: Registration;
  /** What the station may draw: its contract, or what its connectors are rated for together. */
  readonly capacityW: number;
  readonly connectors: readonly FleetConnector[];
};

/** The registry joined with the live items: every registered connector, whether or not anything was ever heard of it. */
export const fleetOf = (registrations: readonly Registration[], connectors: readonly Connector[]): FleetStation[] => {
  const live = new Map(connectors.map((connector) => [connectorPath(connector), connector]));
  return registrations.map((registration) => ({
    registration,
    capacityW: registration.contractMaxW ?? registration.connectors.reduce((sum, { ratedW }) => sum + ratedW, 0),
    connectors: registration.connectors.map((registered) => {
      const path = `${registration.stationId}#${connectorSortKey(registered)}`;
      const item = live.get(path);
      return {
        path,
        stationId: registration.stationId,
        place: placeOf(registration, { stationId: registration.stationId, ...registered }),
        ...(item === undefined ? {} : { live: item }),
      };
    }),
  }));
};

/** Key of a connector's port: stationId#evseId. */
export const portPath = ({ path }: Pick<FleetConnector, 'path'>): string => path.slice(0, path.lastIndexOf('#'));
