import type { ThresholdOverrides } from '../../domain/alerts/thresholds.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { SiteConfigurations } from '../ports/sites/site-store.ts';
import type { ThresholdSettings } from '../ports/threshold-settings.ts';

/**
 * Thresholds with one truth for the limit of a site: where the site is configured, `siteLimitW` is what its configuration says,
 * and can be changed there only.
 */
export const siteLimitThresholds = (
  settings: ThresholdSettings,
  configurations: Pick<SiteConfigurations, 'find' | 'all'>,
): ThresholdSettings => ({
  overrides: async () => {
    const [overrides, sites] = await Promise.all([settings.overrides(), configurations.all()]);
    const limits: ThresholdOverrides = Object.fromEntries(
      sites.map(({ siteId, limitW }) => [siteId, { ...overrides[siteId], siteLimitW: limitW }]),
    );
    return { ...overrides, ...limits };
  },
  find: async (scope) => {
    const [thresholds, site] = await Promise.all([settings.find(scope), configurations.find(scope)]);
    return site === undefined ? thresholds : { ...thresholds, siteLimitW: site.limitW };
  },
  change: async (scope, patch) => {
    const site = await configurations.find(scope);
    if (site === undefined) return settings.change(scope, patch);
    const { siteLimitW = site.limitW, ...others } = patch;
    if (siteLimitW !== site.limitW)
      throw new Rejected(
        `siteLimitW: site ${scope} is configured with ${site.limitW / 1_000} kW; change it there (configureSite)`,
      );
    return settings.change(scope, others);
  },
});
