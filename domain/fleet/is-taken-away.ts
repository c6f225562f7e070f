import type { Connector } from '../connector/connector.ts';
import { HOUR_MS } from '../kernel/durations.ts';
import type { Station } from '../station/station.ts';

/** Well above the time in which a station that has booted tells the status of each of its connectors. */
const TOLD_MS = HOUR_MS;

/** Whether the registry does not name a connector, and its station has told no status of it since it booted. */
const isUntold = ({ evseId, connectorId, report, session }: Connector, { registration, state }: Station): boolean => {
  const isRegistered = registration?.connectors.some(
    (known) => known.evseId === evseId && known.connectorId === connectorId,
  );
  const { bootedAt } = state ?? {};
  return (
    isRegistered !== true && session === undefined && bootedAt !== undefined && (report?.receivedAt ?? 0) < bootedAt
  );
};

const isToldBy = ({ state }: Station, now: number): boolean => now >= (state?.bootedAt ?? 0) + TOLD_MS;

/**
 * Whether a connector that the registry does not name is there no more: since the station booted it has told no status, as
 * stations do then of every connector they have (OCPP 2.0.1, use case B01). One that they tell of may lack in the registry alone.
 */
export const isTakenAway = (connector: Connector, station: Station, now: number): boolean =>
  isUntold(connector, station) && isToldBy(station, now);

/** Whether nobody knows if such a connector is there: its station has just booted, and may yet tell of it. */
export const mayBeTakenAway = (connector: Connector, station: Station, now: number): boolean =>
  isUntold(connector, station) && !isToldBy(station, now);
