import type { Connector } from '../connector/connector.ts';
import { HOUR_MS } from '../kernel/durations.ts';
import type { Station } from '../station/station.ts';

/** Well above the time in which a station that has booted tells the status of each of its connectors. */
const TOLD_MS = HOUR_MS;

/**
 * Whether a connector that the registry does not name is there no more: since the station booted it has told no status, as
 * stations do then of every connector they have (OCPP 2.0.1, use case B01). One that they tell of may lack in the registry alone.
 */
export const isTakenAway = (
  { evseId, connectorId, report, session }: Connector,
  { registration, state }: Station,
  now: number,
): boolean => {
  const isRegistered = registration?.connectors.some(
    (known) => known.evseId === evseId && known.connectorId === connectorId,
  );
  const bootedAt = state?.bootedAt;
  if (isRegistered === true || session !== undefined || bootedAt === undefined || now < bootedAt + TOLD_MS)
    return false;
  return (report?.receivedAt ?? 0) < bootedAt;
};
