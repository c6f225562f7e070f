import type { Connector } from '../connector/connector.ts';
import type { Station } from '../station/station.ts';
import type { StationView } from './views.ts';

/** A station's item as rules see it; undefined for a station nobody registered: there is nobody to be told. */
export const stationView = (
  { stationId, registration, connectivity, lastSeenAt, state }: Station & { stationId: string; lastSeenAt?: number },
  connectors?: readonly Connector[],
): StationView | undefined =>
  registration && {
    stationId,
    registration,
    ...(connectivity ? { connectivity } : {}),
    ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
    ...(state ? { state } : {}),
    ...(connectors ? { connectors } : {}),
  };
