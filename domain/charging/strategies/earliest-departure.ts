import type { Strategy } from '../strategy.ts';

export const earliestDeparture = {
  name: 'earliest-departure',
  about: 'After the minimums, who leaves first is filled up first; without a departure, last.',
  claims: (sessions) =>
    sessions.map(({ session: { wish } }) => ({ weight: 1, rank: wish?.departureInSec ?? Number.POSITIVE_INFINITY })),
} satisfies Strategy;
