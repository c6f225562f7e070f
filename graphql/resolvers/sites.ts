import { askLambda, mutation, query, type Resolver } from '../resolver.ts';

const asked = askLambda('lambda:serve-sites');

const signals = [
  'submitSiteDemand',
  'submitPrices',
  'submitSiteLimit',
  'setBid',
  'setPriority',
  'setDeparture',
  'optOut',
];

/** Control of sites: their configuration, and signals that come by the API. */
export const sites: readonly Resolver[] = [
  ...['currentPriceTier', 'siteConfiguration'].map((field) => query(field, [asked])),
  ...['configureSite', ...signals].map((field) => mutation(field, [{ ...asked, write: true }])),
];
