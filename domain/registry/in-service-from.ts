import { connectorPath } from '../kernel/connector-key.ts';
import type { RegisteredConnector, Registration } from './registration.ts';

/**
 * When a connector went into service, ms since the epoch: with its station, or when it was added to that. Undefined where
 * earlier versions did not keep it.
 */
export const inServiceFrom = (
  { commissionedAt }: Pick<Registration, 'commissionedAt'>,
  { addedAt }: Pick<RegisteredConnector, 'addedAt'>,
): number | undefined => (addedAt === undefined ? commissionedAt : Math.max(addedAt, commissionedAt ?? 0));

/**
 * Since when the connector with a key had been in service at an instant, ms since the epoch; 0 where nobody knows. Undefined
 * where its station was not registered with it then.
 */
export const servedSince = (registration: Registration, path: string, at: number): number | undefined => {
  const { stationId, connectors, removedConnectors = [] } = registration;
  return [...connectors, ...removedConnectors]
    .filter((known) => connectorPath({ stationId, ...known }) === path)
    .filter((known) => !('removedAt' in known) || known.removedAt >= at)
    .map((known) => inServiceFrom(registration, known) ?? 0)
    .find((fromAt) => fromAt < at);
};
