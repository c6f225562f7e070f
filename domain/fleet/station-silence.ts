import { MINUTE_MS } from '../kernel/durations.ts';
import type { Connectivity } from '../station/station.ts';
import type { StationState } from '../station/station-state.ts';

/** Without a socket for this long a station is offline: shorter breaks are normal traffic (sockets are cut every two hours). */
const CONNECTION_GRACE_MS = 5 * MINUTE_MS;
/** Three times the interval stations are told to send heartbeats at. */
const SILENCE_MS = 3 * 540_000;

/** What the sweep knows of a station: its own item, and when its connectors were last heard of. */
export type Watched = {
  readonly state?: StationState;
  readonly connectivity?: Connectivity;
  /** Written by the gateway, at most once per quarter-hour for heartbeats: well within the silence that counts. */
  readonly lastSeenAt?: number;
  readonly connectorsSeenAt: number;
};

/**
 * When a station that counts as offline was heard on a connection that stands, if that is no silence yet; its word changed
 * nothing itself: heartbeats are not on the stream. A note of it that failed is what makes a station in good health look lost.
 */
export const stationReturn = (station: Watched, now: number): { readonly at: number } | undefined => {
  const { state, connectivity, lastSeenAt: at = 0 } = station;
  if (state?.presence.kind !== 'offline' || connectivity?.connectionId === undefined) return undefined;
  return at > state.presence.since && now - at < SILENCE_MS ? { at } : undefined;
};

export type Silence = { readonly at: number; readonly cause: 'no-connection' | 'silent' };

/**
 * Whether a station that counts as online has been lost, and since when: its socket is gone for the grace period, or it has
 * said nothing for three heartbeat intervals although it is connected. A station that never connected was never online.
 */
export const stationSilence = (station: Watched, now: number): Silence | undefined => {
  const { state, connectivity, lastSeenAt = 0, connectorsSeenAt } = station;
  if (state?.presence.kind !== 'online') return undefined;
  const heardAt = Math.max(state.presence.since, lastSeenAt, connectorsSeenAt);
  const { connectionId, connectedAt = 0, disconnectedAt } = connectivity ?? {};
  if (connectionId === undefined && disconnectedAt !== undefined) {
    const at = Math.max(disconnectedAt, heardAt);
    return now - at >= CONNECTION_GRACE_MS ? { at, cause: 'no-connection' } : undefined;
  }
  const at = Math.max(heardAt, connectedAt);
  return now - at >= SILENCE_MS ? { at, cause: 'silent' } : undefined;
};
