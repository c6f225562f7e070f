import * as z from 'zod';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { configurationWarnings } from '../../domain/site/configuration-warnings.ts';
import { OPERATORS } from '../../domain/site/limit-source.ts';
import { priceNow, tierNow } from '../../domain/site/limits-now.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import type { SignalType } from '../../domain/site/site-signal.ts';
import { acceptSiteSignal } from '../accept-site-signals/accept-site-signal.ts';
import { checkPlace } from '../accept-site-signals/check-place.ts';
import { configurationShown } from '../configure-site/configuration-shown.ts';
import { ConfigurationPatch, type ConfigurePorts, configureSite } from '../configure-site/configure-site.ts';
import { argumentsOf } from '../fields/arguments-of.ts';
import { withoutNulls } from '../fields/without-nulls.ts';
import { type Field, type Fields, permitted } from '../ports/field.ts';
import type { SiteStore } from '../ports/sites/site-store.ts';

export type ServeSitesPorts = ConfigurePorts & { readonly sites: Pick<SiteStore, 'load'> };

const Site = z.object({ siteId: z.string().min(1).max(100) });
const Configure = Site.extend({ configuration: ConfigurationPatch });

/** Fields that signal, and what each is on the stream. */
const signals = {
  submitSiteDemand: 'SiteDemandMeasured',
  submitPrices: 'PricesPublished',
  submitSiteLimit: 'SiteLimitSet',
  setBid: 'BidSet',
  setPriority: 'PrioritySet',
  setDeparture: 'DepartureSet',
  optOut: 'OptOutSet',
} as const satisfies Record<string, SignalType>;

/** A configuration as the API shows it. */
const shown = (site: SiteConfiguration, warnings: readonly string[]) => ({
  siteId: site.siteId,
  ...configurationShown(site),
  warnings,
});

/** The API's fields about controlled sites: how they are configured, and signals for them. `caller` is the identity that asks. */
export const serveSites = (ports: ServeSitesPorts): Fields => {
  const { sites, configurations, survey, stream, clock } = ports;
  const configure = configureSite(ports);
  const accept = acceptSiteSignal({ stream, check: checkPlace(ports) });

  const signal =
    (type: SignalType): Field =>
    async (args, caller) => {
      const receivedAt = clock();
      permitted(caller, 'operator', 'To signal for a site');
      const said = { version: 1, time: iso(receivedAt), ...Object(withoutNulls(args)) };
      const { siteId, subject } = await accept({ name: type, by: caller.by, source: OPERATORS, receivedAt }, said);
      return { siteId, subject, receivedAt: iso(receivedAt) };
    };

  return {
    ...Object.fromEntries(Object.entries(signals).map(([field, type]) => [field, signal(type)])),
    configureSite: async (args, caller) => {
      permitted(caller, 'administrator', 'To configure a site');
      const { siteId, configuration } = argumentsOf(Configure, args);
      const configured = await configure(siteId, configuration);
      return shown(configured.configuration, configured.warnings);
    },
    siteConfiguration: async (args) => {
      const { siteId } = argumentsOf(Site, args);
      const configuration = await configurations.find(siteId);
      if (configuration === undefined) return null;
      const stations = await survey.stations(siteId);
      return shown(configuration, configurationWarnings({ configuration, stations }));
    },
    currentPriceTier: async (args) => {
      const { siteId } = argumentsOf(Site, args);
      const { kept, configuration } = await sites.load(siteId);
      const now = clock();
      const price = kept && priceNow(kept.state, now);
      if (kept === undefined || configuration === undefined || price === undefined) return null;
      const { tier, perKwh, from, to } = price;
      const factor = tierNow(kept.state, { configuration, stations: [] }, now)?.factor;
      const isKnownTier = tier !== undefined && Object.hasOwn(configuration.tierFactors, tier);
      const { currency } = kept.state.prices ?? {};
      return {
        siteId,
        from: iso(from),
        isKnownTier,
        ...omitUndefined({ tier, perKwh, currency, to: to === undefined ? undefined : iso(to), factor }),
      };
    },
  };
};
