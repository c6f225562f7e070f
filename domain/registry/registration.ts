import type { Electrics } from './electrics.ts';

export type RegisteredConnector = {
  readonly evseId: number;
  readonly connectorId: number;
  /** CCS, CHAdeMO, Type2, Type1, NACS, ... free text, kept as given. */
  readonly connectorType: string;
  readonly ratedW: number;
  /** Absent in entries from before they were kept: see `electricsOfConnector`. */
  readonly electrics?: Electrics;
  /** When it was added to a station that was registered without it, ms since the epoch: its legal uptime starts there. */
  readonly addedAt?: number;
};

/** A connector that its station is registered without by now: what legal uptime needs of it. */
export type RemovedConnector = Pick<RegisteredConnector, 'evseId' | 'connectorId' | 'ratedW' | 'addedAt'> & {
  /** ms since the epoch. */
  readonly removedAt: number;
};

/** The registry entry: written by the operator (cli/station), read by everyone. */
export type Registration = {
  readonly stationId: string;
  readonly siteId: string;
  readonly zoneId: string;
  readonly region: string;
  /** IANA name, for days and hours in reports. */
  readonly timeZone: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly contractMaxW?: number;
  /** When the station went into service, ms since the epoch: legal uptime starts there. By default its first registration. */
  readonly commissionedAt?: number;
  /** What the station speaks over MQTT, where no sub-protocol is negotiated; 1.6 when absent. Without meaning for WebSocket. */
  readonly ocpp?: '1.6' | '2.0.1' | '2.1';
  readonly connectors: readonly RegisteredConnector[];
  /** Days on which it had them are accounted with them. Earlier versions kept none. */
  readonly removedConnectors?: readonly RemovedConnector[];
  /** 'accepted', or 'pending'/'rejected' as BootNotification is to be answered. */
  readonly admission: 'accepted' | 'pending' | 'rejected';
};
