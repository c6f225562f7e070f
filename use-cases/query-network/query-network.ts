import type { Fields } from '../ports/field.ts';
import type { LiveNetwork } from '../ports/live-network.ts';
import type { SiteConfigurations, SiteStore } from '../ports/sites/site-store.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import { querySite, querySites } from './query-sites.ts';
import { queryStatusCounts } from './query-status-counts.ts';

export type QueryNetworkPorts = {
  readonly network: Pick<LiveNetwork, 'siteIds' | 'statuses'>;
  readonly registry: Pick<StationRegistry, 'list'>;
  readonly configurations: Pick<SiteConfigurations, 'find'>;
  readonly control: Pick<SiteStore, 'states'>;
  readonly clock: () => number;
};

/** The fields of the API about the network as it is, where one read of a table is not enough. */
export const queryNetwork = ({ network, ...ports }: QueryNetworkPorts): Fields => ({
  sites: querySites(network.siteIds, ports),
  site: querySite(ports),
  statusCounts: queryStatusCounts(network.statuses),
});
