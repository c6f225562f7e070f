import type { Connector } from '../connector/connector.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import type { Registration } from '../registry/registration.ts';
import type { Connectivity, Station } from '../station/station.ts';
import type { StationState } from '../station/station-state.ts';

/** A station's item as rules see it; undefined for a station nobody registered: there is nobody to be told. */
export const stationSnapshot = (
  { stationId, registration, connectivity, lastSeenAt, state }: Station & { stationId: string; lastSeenAt?: number },
  connectors?: readonly Connector[],
): StationSnapshot | undefined =>
  registration && {
    stationId,
    registration,
    ...omitUndefined({ connectivity, lastSeenAt, state, connectors }),
  };

/** A station as rules see it: its registry entry, who is connected, what the stream told, and (in the sweep) its connectors. */
export type StationSnapshot = {
  readonly stationId: string;
  readonly registration: Registration;
  readonly connectivity?: Connectivity;
  /** ms; written by the gateway beside the connectivity, at most once per quarter-hour for plain heartbeats. */
  readonly lastSeenAt?: number;
  readonly state?: StationState;
  /** Absent on the change stream, where only the station's own item is at hand. */
  readonly connectors?: readonly Connector[];
};

/** Version of a station's item: grows with every fold and with every connect and disconnect, and never falls. */
export const stationVersion = ({ state, connectivity }: StationSnapshot): number =>
  (state?.rev ?? 0) + Math.max(connectivity?.connectedAt ?? 0, connectivity?.disconnectedAt ?? 0);

/** When anything was last heard from the station or one of its connectors, ms. */
export const stationHeardAt = ({ connectivity, lastSeenAt, connectors }: StationSnapshot): number =>
  Math.max(
    lastSeenAt ?? 0,
    connectivity?.connectedAt ?? 0,
    ...(connectors ?? []).map((connector) => connector.lastSeenAt),
  );

/** What is known of the contact to the subject's station. */
export type StationContact = {
  /** When anything was last heard from it, ms: on the change stream, now; in the sweep, to the quarter-hour. */
  readonly heardAt: number;
  /** Whether its connection is open. */
  readonly connected: boolean;
};

/** The contact to a station, as the sweep knows it. */
export const stationContact = (snapshot: StationSnapshot): StationContact => ({
  heardAt: stationHeardAt(snapshot),
  connected: snapshot.connectivity?.connectionId !== undefined,
});
