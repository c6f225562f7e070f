import { SECOND_MS } from '../../domain/kernel/durations.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';

/** A configuration as people write it (`ConfigurationPatch`): times in seconds, tiers as a list. Of which site is said beside it. */
export const configurationShown = (site: SiteConfiguration) => {
  const { siteId: _, meterStaleMs, minIntervalMs, minOnMs, validityMs, tierFactors, ...others } = site;
  return {
    ...others,
    meterStaleSeconds: meterStaleMs / SECOND_MS,
    minIntervalSeconds: minIntervalMs / SECOND_MS,
    minOnSeconds: minOnMs / SECOND_MS,
    validitySeconds: validityMs / SECOND_MS,
    tierFactors: Object.entries(tierFactors).map(([tier, factor]) => ({ tier, factor })),
  };
};
