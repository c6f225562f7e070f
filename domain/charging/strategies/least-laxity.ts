import type { BoundedSession, Claim, Strategy } from '../strategy.ts';

const HOUR_SEC = 3600;
/** Below a quarter of an hour of slack nobody is more urgent than another: weights end at 4. */
const LEAST_LAXITY_H = 0.25;
/** Weight without a wish: as if the car could wait a whole day. */
const WITHOUT_WISH = 1 / 24;

/** Laxity in hours: how long the car could wait and, at its most, still get what it wants before it leaves. */
const claimOf = ({ session: { wish }, maxW }: BoundedSession, periodSec: number): Claim => {
  if (wish === undefined) return { weight: WITHOUT_WISH, rank: 0 };
  const { departureInSec, energyWh = 0 } = wish;
  const laxityH = departureInSec / HOUR_SEC - (energyWh === 0 ? 0 : energyWh / maxW);
  if (laxityH > periodSec / HOUR_SEC) return { weight: 1 / Math.max(laxityH, LEAST_LAXITY_H), rank: 0 };
  const neededW = energyWh === 0 ? 0 : (energyWh * HOUR_SEC) / departureInSec;
  return { weight: 1 / LEAST_LAXITY_H, rank: 0, liftedMinW: Math.min(maxW, neededW) };
};

export const leastLaxity = {
  name: 'least-laxity',
  about: 'The less time to spare before departure, the more power; who has none left keeps the power it needs.',
  claims: (sessions, periodSec) => sessions.map((session) => claimOf(session, periodSec)),
} satisfies Strategy;
