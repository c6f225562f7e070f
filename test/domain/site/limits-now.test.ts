import { expect, it } from 'vitest';
import { unknownTiers } from '../../../domain/site/limits-now.ts';
import type { PricesPublished } from '../../../domain/site/site-signal.ts';
import { configuration, noon } from './given-site.ts';

it('price tiers that have no share at a site are named once, whatever follows from the others', () => {
  const tiers = ['OFF_PEAK', 'HAPPY_HOUR', undefined, 'HAPPY_HOUR', 'ON_PEAK'];
  const prices: PricesPublished = {
    type: 'PricesPublished',
    siteId: 'depot',
    at: noon,
    receivedAt: noon,
    by: 'feed',
    prices: tiers.map((tier, index) => ({ from: noon + index, ...(tier !== undefined && { tier }) })),
  };
  expect(unknownTiers(prices, configuration())).toEqual(['HAPPY_HOUR']);
});
