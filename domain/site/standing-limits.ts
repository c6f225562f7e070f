import { DAY_MS } from '../kernel/durations.ts';
import { limitKey } from './limit-source.ts';
import type { SiteLimitSet } from './site-signal.ts';
import type { SiteState } from './site-state.ts';

/** What may come late or again is younger than this: streams and the bus keep nothing for longer. */
const REMEMBERED_MS = DAY_MS;
/** Every station of a site may have been limited: 45 bytes each. */
const MOST_REMEMBERED = 400;

const isOver = ({ limit, to }: SiteLimitSet, now: number): boolean =>
  limit === undefined || (to !== undefined && to <= now);

/**
 * The limits that hold at `now` (ms) or later. Of those that have ended or were taken back only the instant is kept, for a day:
 * an older signal of the same source about the same thing that comes late, or again, is not to bring a limit back.
 */
export const standingLimits = (
  { limits, limitsOver = {} }: Pick<SiteState, 'limits' | 'limitsOver'>,
  now: number,
): Pick<SiteState, 'limits' | 'limitsOver'> => {
  const standing = limits.filter((limit) => !isOver(limit, now));
  const over = limits.filter((limit) => isOver(limit, now)).map((limit) => [limitKey(limit), limit.at] as const);
  const remembered = [...Object.entries(limitsOver), ...over]
    .filter(([, at]) => at > now - REMEMBERED_MS)
    .toSorted(([, one], [, other]) => one - other)
    .slice(-MOST_REMEMBERED);
  return remembered.length === 0
    ? { limits: standing }
    : { limits: standing, limitsOver: Object.fromEntries(remembered) };
};
