import type { ConnectorKey } from '../kernel/connector-key.ts';
import type { ConnectorStatus } from '../kernel/connector-status.ts';
import type { ReportedStatus } from '../kernel/fact.ts';
import type { Guard } from '../kernel/guard.ts';
import type { Minute } from '../kernel/minute.ts';
import type { StateChange } from '../kernel/state-change.ts';
import type { Place } from '../registry/place.ts';
import type { ActiveSession, RecentSession } from '../session/session.ts';

/** What the connector itself last said of its status, by event time with receive time as tie-break. */
export type StatusReport = {
  readonly status: ReportedStatus;
  readonly vendorStatus: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly errorCode?: string;
  readonly vendorErrorCode?: string;
  readonly info?: string;
};

/** The live item of one connector (table "connectors"). One per connector, written once per fold, guarded. */
export type Connector = ConnectorKey & {
  readonly place: Place;
  readonly status: ConnectorStatus;
  /** Event time at which `status` began. */
  readonly statusAt: number;
  readonly report?: StatusReport;
  /** A station-wide status (connector 0) that overlays the connector's own: unavailable or faulted. */
  readonly stationReport?: StatusReport;
  /** Present while the station is lost. */
  readonly offlineAt?: number;
  readonly session?: ActiveSession;
  /** An older session whose messages come from an offline queue while a newer one is known. */
  readonly past?: ActiveSession;
  /** Newest first, at most four. */
  readonly recent: readonly RecentSession[];
  readonly minute?: Minute;
  /** Last register reading outside a session. */
  readonly idle?: { readonly at: number; readonly energyWh: number };
  readonly temperatureC?: number;
  /** Last limit the station accepted for this connector. */
  readonly limitW?: number;
  /** When the station last said something that changed this item; 0 before it ever did. */
  readonly lastSeenAt: number;
  readonly guard: Guard;
  /** Counts the records that changed this item (never the writes): Version of everything derived from it. */
  readonly rev: number;
  /** What the last fold decided. Consumers of the change stream read only this. */
  readonly outbox: readonly StateChange[];
};
