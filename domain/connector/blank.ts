import { defined } from '../defined.ts';
import type { Registration } from '../station/station.ts';
import type { Connector, ConnectorKey, Place } from './connector.ts';

const UNREGISTERED = 'unregistered';

/** Where a connector stands, from the registry; 'unregistered' for one (or a station) the registry does not know. */
export const placeOf = (registration: Registration | undefined, key: ConnectorKey): Place => {
  const known = registration?.connectors.find(
    ({ evseId, connectorId }) => evseId === key.evseId && connectorId === key.connectorId,
  );
  return {
    siteId: registration?.siteId ?? UNREGISTERED,
    zoneId: registration?.zoneId ?? UNREGISTERED,
    region: registration?.region ?? UNREGISTERED,
    timeZone: registration?.timeZone ?? 'UTC',
    connectorType: known?.connectorType ?? UNREGISTERED,
    ratedW: known?.ratedW ?? 0,
    ...defined({
      vendor: registration?.vendor,
      model: registration?.model,
      firmware: registration?.firmware,
    }),
  };
};

/** A connector of which nothing is known yet but where it stands. */
export const blankConnector = (key: ConnectorKey, place: Place, at: number): Connector => ({
  ...key,
  place,
  status: 'unknown',
  statusAt: at,
  recent: [],
  lastSeenAt: 0,
  guard: '',
  rev: 0,
  outbox: [],
});
