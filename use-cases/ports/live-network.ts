import type { Connector } from '../../domain/connector/connector.ts';
import type { ConnectorKey } from '../../domain/kernel/connector-key.ts';
import type { ConnectorStatus } from '../../domain/kernel/connector-status.ts';

/** Every site at which a station is registered, ordered by id. Eventually consistent. */
export type SiteIds = () => Promise<readonly string[]>;

/** The statuses connectors are in right now, one entry for each. Eventually consistent. */
export type ConnectorStatuses = {
  readonly ofSite: (
    siteId: string,
  ) => Promise<readonly { readonly zoneId: string; readonly status: ConnectorStatus }[]>;
  readonly ofRegion: (region: string) => Promise<readonly ConnectorStatus[]>;
  readonly ofNetwork: () => Promise<readonly ConnectorStatus[]>;
};

/** Which sessions run right now. Eventually consistent; every connector that is returned has a session. */
export type RunningSessions = {
  readonly ofStation: (stationId: string) => Promise<readonly Connector[]>;
  readonly ofSite: (siteId: string) => Promise<readonly Connector[]>;
  /** Tags are told apart as the tag list tells them apart: without regard to case. */
  readonly ofTag: (tag: string) => Promise<readonly Connector[]>;
};

/** The live items of connectors by their keys; those that were never heard of are left out. Eventually consistent. */
export type LiveConnectors = (keys: readonly ConnectorKey[]) => Promise<readonly Connector[]>;

/** The network as it is right now, as far as one read of a table does not tell. */
export type LiveNetwork = {
  /** All connectors of a site that were heard of. Eventually consistent. */
  readonly connectorsOf: (siteId: string) => Promise<readonly Connector[]>;
  readonly siteIds: SiteIds;
  readonly statuses: ConnectorStatuses;
  readonly running: RunningSessions;
};
