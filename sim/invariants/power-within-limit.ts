import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { isQuietBetween } from '../world/is-quiet-between.ts';
import type { Invariant } from './invariant.ts';

/** Chargers may draw so much more than the limit as meters are rounded. */
const TOLERATED = 1.02;
/** After the building took more, or a car came, chargers have obeyed by then. */
const LONGEST_MS = 5 * MINUTE_MS;
/** What a fault held up is made good by then. */
const CALM_AFTER_MS = 10 * MINUTE_MS;

export const powerWithinLimit: Invariant = {
  name: 'power-within-limit',
  about:
    'A controlled site draws no more than its limit for longer than it takes to tell its chargers, where nothing else goes wrong.',
  check: (world) => {
    const problems: string[] = [];
    const since = new Map<string, number>();
    for (const one of world.asked) {
      if (one.kind !== 'demand') continue;
      const { siteId, at, powerW, limitW } = one;
      const isAbove = powerW > limitW * TOLERATED && isQuietBetween(world, at - CALM_AFTER_MS, at);
      if (!isAbove) {
        since.delete(siteId);
        continue;
      }
      const from = since.get(siteId) ?? at;
      since.set(siteId, from);
      if (at - from === LONGEST_MS)
        problems.push(`${siteId} draws ${powerW} W of ${limitW} W since ${new Date(from).toISOString()}`);
    }
    return problems;
  },
};
