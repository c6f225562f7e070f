import type { RegisteredConnector, Registration } from './registration.ts';

/**
 * When a connector went into service, ms since the epoch: with its station, or when it was added to that. Undefined where
 * earlier versions did not keep it.
 */
export const inServiceFrom = (
  { commissionedAt }: Pick<Registration, 'commissionedAt'>,
  { addedAt }: Pick<RegisteredConnector, 'addedAt'>,
): number | undefined => (addedAt === undefined ? commissionedAt : Math.max(addedAt, commissionedAt ?? 0));

/** When the first of some connectors of a station went into service; undefined where that of one is not known. */
export const firstInServiceFrom = (
  registration: Pick<Registration, 'commissionedAt'>,
  connectors: readonly Pick<RegisteredConnector, 'addedAt'>[],
): number | undefined =>
  connectors
    .map((connector) => inServiceFrom(registration, connector))
    .reduce((first, at) => (first === undefined || at === undefined ? undefined : Math.min(first, at)));
