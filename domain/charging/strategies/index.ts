import type { Strategy } from '../strategy.ts';
import { bidWeighted } from './bid-weighted.ts';
import { earliestDeparture } from './earliest-departure.ts';
import { equal } from './equal.ts';
import { leastLaxity } from './least-laxity.ts';
import { leastLaxityFirst } from './least-laxity-first.ts';
import { priority } from './priority.ts';

/** Every strategy a site can choose: add a file, add a line. */
export const strategies = [
  equal,
  bidWeighted,
  priority,
  earliestDeparture,
  leastLaxity,
  leastLaxityFirst,
] as const satisfies readonly Strategy[];

export type StrategyName = (typeof strategies)[number]['name'];
