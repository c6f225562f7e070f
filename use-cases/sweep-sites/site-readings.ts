import type { SiteReading } from '../../domain/alerts/site-snapshot.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import type { KeptSite, SiteConfigurations, SiteStore } from '../ports/sites/site-store.ts';

const readingOf = ({ state }: KeptSite, { controlled, meter }: SiteConfiguration): SiteReading => {
  const { demand, meter: heard, budget } = state;
  const isLost = meter === 'grid' && heard.kind === 'lost' && demand !== undefined;
  return omitUndefined({
    demand: demand && { demandW: demand.powerW, at: demand.at },
    meterLostAt: isLost ? heard.since : undefined,
    fallbackAt: controlled && budget?.reason.kind === 'fallback' ? heard.since : undefined,
  });
};

/** What the meters of configured sites say, for alerts, by site. */
export const siteReadings =
  ({
    configurations,
    sites,
  }: {
    readonly configurations: Pick<SiteConfigurations, 'all'>;
    readonly sites: Pick<SiteStore, 'states'>;
  }) =>
  async (): Promise<ReadonlyMap<string, SiteReading>> => {
    const all = new Map((await configurations.all()).map((site) => [site.siteId, site]));
    const kept = all.size === 0 ? [] : await sites.states([...all.keys()]);
    return new Map(
      kept.flatMap((site) => {
        const configuration = all.get(site.state.siteId);
        return configuration === undefined ? [] : [[site.state.siteId, readingOf(site, configuration)] as const];
      }),
    );
  };
