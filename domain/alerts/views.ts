import type { Connector } from '../connector/connector.ts';
import type { Registration } from '../registry/registration.ts';
import type { Connectivity, StationState } from '../station/station.ts';

/** A station as rules see it: its registry entry, who is connected, what the stream told, and (in the sweep) its connectors. */
export type StationView = {
  readonly stationId: string;
  readonly registration: Registration;
  readonly connectivity?: Connectivity;
  /** ms; written by the gateway beside the connectivity, at most once per quarter-hour for plain heartbeats. */
  readonly lastSeenAt?: number;
  readonly state?: StationState;
  /** Absent on the change stream, where only the station's own item is at hand. */
  readonly connectors?: readonly Connector[];
};

/** A site as rules see it: sums over all its connectors, and its own meter where it has one. */
export type SiteView = {
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  /** Sum of the present power of its connectors. */
  readonly chargingW: number;
  readonly chargingConnectors: number;
  /** The site's grid meter: everything behind it, chargers included. */
  readonly demand?: { readonly demandW: number; readonly at: number };
};

/** Parts of the network that are no place. */
export type NetworkView =
  | {
      readonly topic: 'fleet';
      /** vendor, model and firmware. */
      readonly name: string;
      readonly connectors: number;
      readonly faulted: number;
      readonly otherConnectors: number;
      readonly otherFaulted: number;
    }
  | {
      readonly topic: 'parked';
      readonly name: string;
      /** Records parked within the hold time, and the newest of them. */
      readonly records: number;
      readonly newestAt?: number;
      readonly reason?: string;
    }
  | {
      readonly topic: 'response';
      /** The demand-response event and the zone or site it asks. */
      readonly name: string;
      readonly askedW: number;
      readonly deliveredW: number;
      /** Present once stations have had their meter interval to show what they give. */
      readonly measuredSince?: number;
    };

/** Version of a station's item: grows with every fold and with every connect and disconnect, and never falls. */
export const stationVersion = ({ state, connectivity }: StationView): number =>
  (state?.rev ?? 0) + Math.max(connectivity?.connectedAt ?? 0, connectivity?.disconnectedAt ?? 0);

/** Power counts while its sample is no older than this many of the connector's sampling intervals, and at least 3 minutes. */
const FRESH_INTERVALS = 3;
const FRESH_MS = 180_000;

/** What the connector draws now, W: its last sample while that is fresh, 0 without a session, undefined when nobody knows. */
export const presentPowerW = (connector: Connector, now: number): number | undefined => {
  const { session } = connector;
  if (!session || connector.offlineAt !== undefined) return session ? undefined : 0;
  if (session.powerW === undefined || session.sampledAt === undefined) return undefined;
  const freshMs = Math.max(FRESH_MS, FRESH_INTERVALS * (session.sampleIntervalMs ?? 0));
  return now - session.sampledAt <= freshMs ? session.powerW : undefined;
};

/** Present power of several connectors, summed; those nobody knows of count as nothing. */
export const totalPowerW = (connectors: readonly Connector[], now: number): number =>
  connectors.reduce((sum, connector) => sum + (presentPowerW(connector, now) ?? 0), 0);

/** When anything was last heard from the station or one of its connectors, ms. */
export const stationHeardAt = ({ connectivity, lastSeenAt, connectors }: StationView): number =>
  Math.max(
    lastSeenAt ?? 0,
    connectivity?.connectedAt ?? 0,
    ...(connectors ?? []).map((connector) => connector.lastSeenAt),
  );
