import type { Fields } from '../ports/field.ts';
import type { LiveNetwork } from '../ports/live-network.ts';
import type { StationRegistry } from '../ports/station-registry.ts';
import { querySite, querySites } from './query-sites.ts';
import { queryStatusCounts } from './query-status-counts.ts';

export type QueryNetworkPorts = {
  readonly network: Pick<LiveNetwork, 'siteIds' | 'statuses'>;
  readonly registry: Pick<StationRegistry, 'list'>;
};

/** The fields of the API about the network as it is, where one read of a table is not enough. */
export const queryNetwork = ({ network, registry }: QueryNetworkPorts): Fields => ({
  sites: querySites(network.siteIds, registry),
  site: querySite(registry),
  statusCounts: queryStatusCounts(network.statuses),
});
