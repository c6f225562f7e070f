import type { Connector } from '../connector/connector.ts';
import { fallbackProfile, mayHoldFallback } from '../connector/fallback-profile.ts';
import { ownProfileId } from '../profile/own-profile-id.ts';

/** Above the default profile (0): the setpoint of a transaction, and the only one we set there. */
export const SETPOINT_LEVEL = 1;

const fallbackAt = (evseId: number): number => ownProfileId(fallbackProfile({ evseId, limitW: 0 }));
const setpointAt = (evseId: number): number => ownProfileId({ purpose: 'tx', stackLevel: SETPOINT_LEVEL, evseId });

/** Ids of all our profiles that EVSEs may hold, those first that have no end. */
export const ownProfilesAt = (evseIds: readonly number[]): readonly number[] => [
  ...evseIds.map(fallbackAt),
  ...evseIds.map(setpointAt),
];

/**
 * Ids of our profiles at the stations of a site that is no longer controlled: what they fall back to, and the setpoints of
 * sessions, which might hold for hours.
 */
export const releasedProfiles = (connectors: readonly Connector[]): ReadonlyMap<string, readonly number[]> => {
  const released = new Map<string, number[]>();
  for (const connector of connectors) {
    const { stationId, evseId, session, status } = connector;
    const own = released.get(stationId) ?? [];
    // What was sent to a station that is offline waits for it, and nobody here has heard of it.
    if (mayHoldFallback(connector) || status === 'offline') own.push(fallbackAt(evseId));
    if (session !== undefined) own.push(setpointAt(evseId));
    if (own.length > 0) released.set(stationId, own);
  }
  return released;
};
