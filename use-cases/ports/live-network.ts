import type { Connector } from '../../domain/connector/connector.ts';
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

/** All connectors of a station or site that were heard of, registered or not. Eventually consistent. */
export type LiveConnectors = {
  readonly ofStation: (stationId: string) => Promise<readonly Connector[]>;
  readonly ofSite: (siteId: string) => Promise<readonly Connector[]>;
};

/** The network as it is right now, as far as one read of a table does not tell. */
export type LiveNetwork = {
  readonly connectors: LiveConnectors;
  readonly siteIds: SiteIds;
  readonly statuses: ConnectorStatuses;
  readonly running: RunningSessions;
};
