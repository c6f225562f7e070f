import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { siteConnectorOf } from '../../domain/site/site-connector-of.ts';
import { phaseSwitchingOf } from '../../domain/site/site-plan.ts';
import type { LiveConnectors, RunningSessions } from '../ports/live-network.ts';
import type { SiteSurvey } from '../ports/sites/site-setpoints.ts';
import type { StationRegistry } from '../ports/station-registry.ts';

/** What stands at a site, read from the registry and the live tables. */
export const siteSurvey = ({
  registry,
  running,
  connectors,
}: {
  readonly registry: Pick<StationRegistry, 'listAble'>;
  readonly running: Pick<RunningSessions, 'ofSite'>;
  readonly connectors: Pick<LiveConnectors, 'ofSite'>;
}): SiteSurvey => ({
  stations: async (siteId) =>
    (await registry.listAble(siteId)).map(({ registration, capabilities }) => ({
      ...registration,
      ...omitUndefined({ phaseSwitching: phaseSwitchingOf(capabilities) }),
    })),
  running: async (siteId) => (await running.ofSite(siteId)).map(siteConnectorOf),
  live: connectors.ofSite,
});
