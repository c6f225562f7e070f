import type { BoundedSession, Strategy } from '../strategy.ts';

const HOUR_SEC = 3600;
/** Time to spare is compared in whole quarters of an hour: cars would change places with every minute that one of them waits. */
const SAME_SEC = 900;
/** More than a wish can name seconds to a departure: one quarter of an hour outweighs any departure. */
const LONGEST_SEC = 1e8;

/** Quarters of an hour the car could wait and, at its most, still get what it wants; 0 where it cannot get all of it. */
const quartersToSpare = ({ session: { wish }, maxW }: BoundedSession): number => {
  const { departureInSec = 0, energyWh = 0 } = wish ?? {};
  const neededSec = energyWh === 0 ? 0 : (energyWh * HOUR_SEC) / maxW;
  return Math.ceil(Math.max(0, departureInSec - neededSec) / SAME_SEC);
};

/**
 * Whoever can no longer get all it wants takes what it can at any time; whoever has time to spare is kept for the hour in which
 * nobody else could use the power (least laxity first, as processors are scheduled).
 */
export const leastLaxityFirst = {
  name: 'least-laxity-first',
  about:
    'After the minimums, who has least time to spare is filled up first, then who leaves first; without a departure, or with its wish fulfilled, last.',
  claims: (sessions) =>
    sessions.map((session) => {
      const { wish } = session.session;
      if (wish === undefined || wish.energyWh === 0) return { weight: 1, rank: Number.POSITIVE_INFINITY };
      return { weight: 1, rank: quartersToSpare(session) * LONGEST_SEC + wish.departureInSec };
    }),
} satisfies Strategy;
