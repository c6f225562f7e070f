import type { Strategy } from '../strategy.ts';

/** Who has what its driver wants is in nobody's way: it comes last, with those who name no departure. */
export const earliestDeparture = {
  name: 'earliest-departure',
  about:
    'After the minimums, who leaves first is filled up first; without a departure, or with its wish fulfilled, last.',
  claims: (sessions) =>
    sessions.map(({ session: { wish } }) => ({
      weight: 1,
      rank: wish === undefined || wish.energyWh === 0 ? Number.POSITIVE_INFINITY : wish.departureInSec,
    })),
} satisfies Strategy;
