import { siteConnectorOf } from '../../domain/site/site-connector.ts';
import type { LiveConnectors, RunningSessions } from '../ports/live-network.ts';
import type { SiteSurvey } from '../ports/sites/site-setpoints.ts';
import type { StationRegistry } from '../ports/station-registry.ts';

/** What stands at a site, read from the registry and the live tables. */
export const siteSurvey = ({
  registry,
  running,
  connectors,
}: {
  readonly registry: Pick<StationRegistry, 'list'>;
  readonly running: Pick<RunningSessions, 'ofSite'>;
  readonly connectors: Pick<LiveConnectors, 'ofSite'>;
}): SiteSurvey => ({
  stations: (siteId) => registry.list(siteId),
  running: async (siteId) => (await running.ofSite(siteId)).map(siteConnectorOf),
  live: connectors.ofSite,
});
