import type { Connector } from '../connector/connector.ts';
import { connectorPath, connectorSortKey } from '../kernel/connector-key.ts';
import type { Place } from '../registry/place.ts';
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

const placeIn = (registration: Registration, connectorType: string, ratedW: number): Place => {
  const { siteId, zoneId, region, timeZone, vendor, model, firmware } = registration;
  return {
    siteId,
    zoneId,
    region,
    timeZone,
    connectorType,
    ratedW,
    ...(vendor === undefined ? {} : { vendor }),
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { firmware }),
  };
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
        place: item?.place ?? placeIn(registration, registered.connectorType, registered.ratedW),
        ...(item === undefined ? {} : { live: item }),
      };
    }),
  }));
};

/** Key of a connector's port: stationId#evseId. */
export const portPath = ({ path }: Pick<FleetConnector, 'path'>): string => path.slice(0, path.lastIndexOf('#'));

/** The connectors of a connector's port, itself included. */
export const samePort = (fleet: readonly FleetStation[], connector: FleetConnector): readonly FleetConnector[] =>
  fleet
    .filter(({ registration }) => registration.stationId === connector.stationId)
    .flatMap(({ connectors }) => connectors)
    .filter((other) => portPath(other) === portPath(connector));
