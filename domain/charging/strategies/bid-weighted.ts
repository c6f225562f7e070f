import type { Strategy } from '../strategy.ts';

/** Who bids nothing counts as the lowest bidder; where nobody bids, all are equal. */
export const bidWeighted = {
  name: 'bid-weighted',
  about: 'Power in proportion to the price per kWh that drivers offer; without a bid, as the lowest bidder.',
  claims: (sessions) => {
    const bids = sessions.flatMap(({ session: { bid } }) => (bid === undefined ? [] : [bid]));
    const lowest = bids.length === 0 ? 1 : bids.reduce((least, bid) => Math.min(least, bid));
    return sessions.map(({ session: { bid = lowest } }) => ({ weight: bid, rank: 0 }));
  },
} satisfies Strategy;
